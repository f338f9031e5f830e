import { IrisError, sqlError, type Retry } from '@iris-devtools/core';

const MSG = /\[%msg: ?<(.*)>\]/s;

/** A status that a reply to an SQL request had, with the text that the server has for it. */
export function serverError(status: number, text: string): IrisError {
  if (text === '') return sqlError(status);
  const msg = MSG.exec(text)?.[1];
  return new IrisError(text, {
    code: 'IRIS_SQL',
    sqlcode: status,
    ...(msg === undefined ? {} : { details: { msg } }),
  });
}

/** A native request (class method, global, lock) that failed on the server. */
export function nativeError(text: string): IrisError {
  return new IrisError(text === '' ? 'The server failed the request without a message' : text, {
    code: 'IRIS_NATIVE',
    hint: 'The text is the server’s; <CLASS DOES NOT EXIST> and similar codes are described in the ObjectScript error reference.',
  });
}

/** `safe` when nothing was sent yet. */
export function connectionLost(cause: unknown, retry: Retry): IrisError {
  return new IrisError(
    retry === 'safe'
      ? 'The connection was lost before this request was sent'
      : 'The connection was lost while the server was at work; whether it finished is not known',
    {
      code: 'IRIS_CONNECTION_LOST',
      retry,
      cause,
      hint: 'Open a new connection. Repeat work that may have been done only when that is harmless.',
    },
  );
}

export function connectionClosed(): IrisError {
  return new IrisError('The connection is closed', {
    code: 'IRIS_CONNECTION_CLOSED',
    retry: 'safe',
    hint: 'Open a new connection with connect(), or take one from a pool.',
  });
}

export function aborted(reason: unknown, retry: Retry): IrisError {
  return new IrisError('The caller aborted the request', { code: 'IRIS_ABORTED', retry, cause: reason });
}

export function timedOut(what: string, timeoutMs: number, retry: Retry): IrisError {
  return new IrisError(`${what} took longer than ${timeoutMs} ms`, {
    code: 'IRIS_TIMEOUT',
    retry,
    details: { timeoutMs },
    hint: 'Raise the time limit if the work needs it, or find out what the server waits for.',
  });
}

export function optionError(message: string, hint: string): IrisError {
  return new IrisError(message, { code: 'IRIS_OPTION', hint });
}

export function valueError(message: string, hint: string): IrisError {
  return new IrisError(message, { code: 'IRIS_VALUE', hint });
}

export function stateError(message: string, hint: string): IrisError {
  return new IrisError(message, { code: 'IRIS_STATE', hint });
}
