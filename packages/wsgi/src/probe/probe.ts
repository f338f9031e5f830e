import type { Clock } from '@iris-devtools/core';
import { systemClock } from '@iris-devtools/core';
import type { HealthOptions } from '../deployment/options.js';
import { CHECK_HEADER, RELEASE_HEADER } from '../release/entry-module.js';

/** What a request to the application showed. */
export type ProbeOutcome =
  /** This release answered. */
  | { readonly kind: 'proven'; readonly status: number }
  /** Another release answered: a process that still has the old code. */
  | { readonly kind: 'other-release'; readonly status: number; readonly release: string }
  /** IRIS asks for a login, and none (or a wrong one) was given. */
  | { readonly kind: 'login'; readonly status: number }
  /** The application, or IRIS in front of it, failed: status 5xx. */
  | { readonly kind: 'failing'; readonly status: number }
  /** An answer without the release: not our application. */
  | { readonly kind: 'foreign'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface ProbeOptions {
  readonly url: string;
  readonly release: string;
  readonly login?: HealthOptions['login'];
  readonly signal?: AbortSignal;
}

const REQUEST_TIMEOUT_MS = 30_000;
const PAUSE_MS = 250;
/** The first request of a process imports the application; a failure that stays is no matter of time. */
const FAILURES_UNTIL_SURE = 3;

/** One request. */
export async function probe(options: ProbeOptions): Promise<ProbeOutcome> {
  const { login, signal } = options;
  const limits = [AbortSignal.timeout(REQUEST_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])];
  try {
    const response = await fetch(options.url, {
      redirect: 'manual',
      signal: AbortSignal.any(limits),
      headers: {
        [CHECK_HEADER]: '1',
        ...(login === undefined ? {} : { authorization: basic(login.username, login.password.reveal()) }),
      },
    });
    await response.body?.cancel();
    return outcomeOf(response, options.release);
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error) };
  }
}

/** Asks until this release answers, the outcome is certain, the caller aborts, or the time is over; gives the last outcome. */
export async function waitUntilServed(
  options: ProbeOptions & { readonly timeoutMs: number; readonly clock?: Clock },
): Promise<ProbeOutcome> {
  const clock = options.clock ?? systemClock;
  const deadline = clock.now() + options.timeoutMs;
  let failures = 0;
  for (;;) {
    const outcome = await probe(options);
    failures = outcome.kind === 'failing' ? failures + 1 : 0;
    const aborted = options.signal?.aborted === true;
    const certain =
      aborted || outcome.kind === 'proven' || outcome.kind === 'login' || failures >= FAILURES_UNTIL_SURE;
    if (certain || clock.now() + PAUSE_MS > deadline) return outcome;
    await pause(clock, options.signal);
  }
}

function outcomeOf(response: Response, release: string): ProbeOutcome {
  const { status } = response;
  const answered = response.headers.get(RELEASE_HEADER);
  if (answered !== null && answered !== release) return { kind: 'other-release', status, release: answered };
  if (status >= 500) return { kind: 'failing', status };
  if (answered === release) return { kind: 'proven', status };
  if (status === 401 || status === 403) return { kind: 'login', status };
  return { kind: 'foreign', status };
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** fetch says "fetch failed" and keeps the reason inside. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return String(cause);
}

function pause(clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    // A timer that keeps the process alive: a command line has nothing else that does.
    const keepAlive = setInterval(() => undefined, PAUSE_MS);
    const done = (): void => {
      clearInterval(keepAlive);
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(PAUSE_MS, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
