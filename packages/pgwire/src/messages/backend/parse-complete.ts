import { emptyMessage } from '../../wire/codec.js';

/** Parse succeeded. */
export interface ParseComplete {
  readonly kind: 'ParseComplete';
}

export const ParseComplete = emptyMessage('ParseComplete', '1');
