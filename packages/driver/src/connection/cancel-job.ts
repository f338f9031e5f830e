import type { CancelOutcome } from '../net/request-queue.js';
import type { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { askOnce, isSuccess } from './conversation.js';
import { openWire } from './open-wire.js';

/**
 * Interrupts what the server process with this job number does: logs in on a connection of its own and names the job, as the JDBC
 * driver (3.10.3) does. Takes at most `cancelTimeoutMs`; never rejects.
 * unverified on a live server: that the reply comes once the interrupt has reached the job, and that its transaction stays open.
 * @param unneeded while the server was not yet asked, ends it without a trace
 */
export async function cancelJob(
  jobNumber: string,
  options: ResolvedOptions,
  unneeded: AbortSignal,
): Promise<CancelOutcome> {
  const limit = AbortSignal.timeout(options.cancelTimeoutMs);
  let wire: Wire | undefined;
  let asked = false;
  const onLimit = (): void => {
    wire?.destroy(limit.reason);
  };
  try {
    ({ wire } = await openWire(options, AbortSignal.any([limit, unneeded])));
    if (unneeded.aborted) return 'unneeded';
    limit.addEventListener('abort', onLimit);
    if (limit.aborted) throw limit.reason;
    asked = true;
    const reply = await askOnce(wire, { kind: 'ExternalInterrupt', job: jobOf(jobNumber) });
    if (!isSuccess(reply)) throw new Error(`The server refused the interrupt with status ${reply.code}`);
    return 'asked';
  } catch (error) {
    if (!asked && unneeded.aborted) return 'unneeded';
    const reason = error instanceof Error ? error.message : String(error);
    options.logger?.log('warn', 'a request could not be cancelled', { job: jobNumber, reason });
    return 'failed';
  } finally {
    limit.removeEventListener('abort', onLimit);
    void wire?.end(options.cancelTimeoutMs);
  }
}

function jobOf(jobNumber: string): number {
  const job = Number(jobNumber);
  if (!/^\d+$/.test(jobNumber) || !Number.isSafeInteger(job))
    throw new Error('The server gave no number of its job at login');
  return job;
}
