import { plainMessage } from './plain.js';

export interface Ping {
  readonly kind: 'Ping';
}

/** Empty both ways (npm intersystems-iris). */
export const Ping = plainMessage('Ping', 'PG');
