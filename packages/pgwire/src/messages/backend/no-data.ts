import { emptyMessage } from '../../wire/codec.js';

/** The described statement gives no rows. */
export interface NoData {
  readonly kind: 'NoData';
}

export const NoData = emptyMessage('NoData', 'n');
