import { emptyMessage } from '../../wire/codec.js';

/** Stands for CommandComplete when the query text held no statement. */
export interface EmptyQueryResponse {
  readonly kind: 'EmptyQueryResponse';
}

export const EmptyQueryResponse = emptyMessage('EmptyQueryResponse', 'I');
