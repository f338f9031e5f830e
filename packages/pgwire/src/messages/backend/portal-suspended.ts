import { emptyMessage } from '../../wire/codec.js';

/** The row limit of Execute was reached; the portal has more. */
export interface PortalSuspended {
  readonly kind: 'PortalSuspended';
}

export const PortalSuspended = emptyMessage('PortalSuspended', 's');
