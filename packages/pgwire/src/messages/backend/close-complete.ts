import { emptyMessage } from '../../wire/codec.js';

/** Close succeeded, also when there was nothing to close. */
export interface CloseComplete {
  readonly kind: 'CloseComplete';
}

export const CloseComplete = emptyMessage('CloseComplete', '3');
