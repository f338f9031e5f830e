import { IrisError } from '@iris-devtools/core';
import Modem, { type DialOptions } from 'docker-modem';

const ANSWER_TIMEOUT_MS = 10_000;

/** An answer of the engine that is no success. */
export function engineError(error: unknown): IrisError {
  const text = error instanceof Error ? error.message : String(error);
  return new IrisError(`The container engine: ${text}`, {
    code: 'IRIS_COMMAND_FAILED',
    cause: error,
    hint: 'Check that Docker or Podman runs, and DOCKER_HOST.',
  });
}

/**
 * One request to the engine that `DOCKER_HOST` or the platform's default names.
 * @returns the parsed answer, or the stream when that was asked for
 * @throws IrisError `IRIS_COMMAND_FAILED`
 */
export function askEngine(request: DialOptions, signal?: AbortSignal): Promise<unknown> {
  // An engine that hangs must not hang the one who asks. A stream is the caller's to limit.
  const limit = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const abortSignal = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  return new Promise((resolve, reject) => {
    const options = { options: {}, ...request, ...(request.hijack ? {} : { abortSignal }) };
    try {
      new Modem().dial(options, (error, answer) => {
        // The types promise null, the library gives undefined too.
        if (!error) resolve(answer);
        else reject(engineError(error));
      });
    } catch (error) {
      // DOCKER_HOST that cannot be understood.
      reject(engineError(error));
    }
  });
}
