import { emptyMessage } from '../../wire/codec.js';

/** Send what is pending, without ending the extended query. */
export interface Flush {
  readonly kind: 'Flush';
}

export const Flush = emptyMessage('Flush', 'H');
