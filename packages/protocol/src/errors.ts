import { IrisError } from '@iris-devtools/core';

/** The peer broke the wire format; `offset` counts from the start of the payload (or of the header, for header errors). */
export function protocolError(message: string, offset: number): IrisError {
  return new IrisError(`${message} (at byte ${offset})`, {
    code: 'IRIS_PROTOCOL',
    hint: 'The peer does not speak the IRIS SuperServer protocol, or speaks a version that is not known here; close the connection.',
    details: { offset },
  });
}

/** A length or count of the peer is above a configured limit. */
export function limitError(what: string, found: number, limit: number, offset: number): IrisError {
  return new IrisError(`${what}: ${found} exceeds the limit of ${limit}`, {
    code: 'IRIS_LIMIT',
    hint: 'Raise this limit if the peer is trusted and data of this size is expected.',
    details: { offset, found, limit },
  });
}

/** Our own side asked for something that the wire format cannot carry. */
export function valueError(message: string, hint: string): IrisError {
  return new IrisError(message, { code: 'IRIS_VALUE', hint });
}
