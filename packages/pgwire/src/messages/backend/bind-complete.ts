import { emptyMessage } from '../../wire/codec.js';

/** Bind succeeded. */
export interface BindComplete {
  readonly kind: 'BindComplete';
}

export const BindComplete = emptyMessage('BindComplete', '2');
