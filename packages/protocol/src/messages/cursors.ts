import { plainMessage } from './plain.js';

/** unverified on a live server: the codes are known (nDPI), that they carry nothing but the header's statement id is assumed. */
export interface CloseCursor {
  readonly kind: 'CloseCursor';
}
export interface CloseStatement {
  readonly kind: 'CloseStatement';
}
export interface ResetConnection {
  readonly kind: 'ResetConnection';
}
/** Asks to interrupt what runs. unverified on a live server: payload, and which connection it must be sent on. */
export interface ExternalInterrupt {
  readonly kind: 'ExternalInterrupt';
}

export const CloseCursor = plainMessage('CloseCursor', 'CC', 'sql');
export const CloseStatement = plainMessage('CloseStatement', 'CU', 'sql');
export const ResetConnection = plainMessage('ResetConnection', 'RN');
export const ExternalInterrupt = plainMessage('ExternalInterrupt', 'EI');
