import { IrisError } from '@iris-devtools/core';
import { decodeReply, sqlcodeOf, STATUS, type Frame, type Request } from '@iris-devtools/protocol';
import { serverError } from '../errors.js';
import type { Wire } from '../net/wire.js';

/** Asks for one reply, the last of its request. */
export async function askOnce(wire: Wire, request: Request, statementId = 0): Promise<Frame> {
  const frame = await wire.ask(request, statementId);
  wire.done();
  return frame;
}

/** Any status but 0 and 100 is a failure (go-irisnative sql.go). */
export function isSuccess(frame: Frame): boolean {
  return frame.code === STATUS.OK || frame.code === STATUS.NO_MORE_DATA;
}

/** The error for a failed reply, with the server's words for it. */
export async function failure(wire: Wire, frame: Frame): Promise<IrisError> {
  wire.done();
  if (frame.code === STATUS.STATEMENT_UNKNOWN) return statementUnknown();
  const reply = await askOnce(wire, { kind: 'ErrorText', status: frame.code });
  return serverError(
    sqlcodeOf(frame.code),
    isSuccess(reply) ? decodeReply('ErrorText', reply, wire.codec).message : '',
  );
}

/** As {@link askOnce}. @throws IrisError IRIS_SQL for a failed reply */
export async function askSuccessfully(wire: Wire, request: Request, statementId = 0): Promise<Frame> {
  const frame = await askOnce(wire, request, statementId);
  if (!isSuccess(frame)) throw await failure(wire, frame);
  return frame;
}

function statementUnknown(): IrisError {
  return new IrisError('The server does not know the statement or cursor any more', {
    code: 'IRIS_STATE',
    hint: 'Run the query again.',
  });
}
