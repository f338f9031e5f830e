import { emptyMessage } from '../../wire/codec.js';

/** Ends an extended query: commit or roll back, then ReadyForQuery. */
export interface Sync {
  readonly kind: 'Sync';
}

export const Sync = emptyMessage('Sync', 'S');
