import type { Codec } from '../../wire/codec.js';

/** The answer to AuthenticationCleartextPassword. */
export interface PasswordMessage {
  readonly kind: 'PasswordMessage';
  readonly password: string;
}

/** As PostgreSQL's PG_MAX_AUTH_TOKEN_LENGTH. */
export const MAX_AUTH_MESSAGE_BYTES = 65_535;

export const PasswordMessage = {
  kind: 'PasswordMessage',
  tag: 0x70, // p
  maxBodyBytes: MAX_AUTH_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.password);
  },
  decode: (body) => ({ kind: 'PasswordMessage', password: body.cstring() }),
} as const satisfies Codec<PasswordMessage>;
