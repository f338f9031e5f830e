import { emptyMessage } from '../wire/codec.js';

/** The COPY data is complete, in either direction. */
export interface CopyDone {
  readonly kind: 'CopyDone';
}

export const CopyDone = emptyMessage('CopyDone', 'c');
