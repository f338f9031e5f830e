import { emptyMessage } from '../../wire/codec.js';

/** The client leaves. */
export interface Terminate {
  readonly kind: 'Terminate';
}

export const Terminate = emptyMessage('Terminate', 'X');
