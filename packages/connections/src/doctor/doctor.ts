import { discoverConfig, type DiscoverOptions } from '@iris-devtools/config';
import { isIrisError } from '@iris-devtools/core';
import { failed, ok, type Check, type CheckResult, type DoctorState } from './check.js';
import { nameCheck, portCheck } from './network-checks.js';
import { clientCheck, handshakeCheck, loginCheck, namespaceCheck } from './login-checks.js';
import { callInCheck, clockCheck, licenceCheck, sqlCheck } from './server-checks.js';

const settingsCheck = (options: DiscoverOptions): Check => ({
  name: 'settings',
  async run(state) {
    try {
      state.config = await discoverConfig(options);
      return ok(state.config.url);
    } catch (error) {
      if (!isIrisError(error)) throw error;
      return failed(error.message, error.hint ?? 'Correct the settings.');
    }
  },
});

export interface DoctorReport {
  readonly healthy: boolean;
  readonly checks: readonly CheckResult[];
}

/**
 * Examines a connection stage by stage; what cannot be examined after a failure is reported as skipped.
 * @param onResult told of each stage as it ends
 */
export async function examine(
  options: DiscoverOptions = {},
  onResult: (result: CheckResult) => void = () => undefined,
): Promise<DoctorReport> {
  const state: DoctorState = {};
  const signal = options.signal ?? new AbortController().signal;
  const checks: CheckResult[] = [];
  const stages = [
    settingsCheck(options),
    clientCheck,
    nameCheck,
    portCheck,
    handshakeCheck,
    loginCheck,
    namespaceCheck,
    sqlCheck,
    callInCheck,
    licenceCheck,
    clockCheck,
  ];
  let failedStage: string | undefined;
  try {
    for (const stage of stages) {
      const startedAt = performance.now();
      const finding =
        failedStage === undefined
          ? await stage.run(state, signal)
          : { status: 'skipped' as const, detail: `needs the stage "${failedStage}"` };
      if (finding.status === 'failed') failedStage = stage.name;
      const result = { name: stage.name, ...finding, tookMs: performance.now() - startedAt };
      checks.push(result);
      onResult(result);
    }
  } finally {
    await state.connection?.close();
  }
  return { healthy: failedStage === undefined, checks };
}
