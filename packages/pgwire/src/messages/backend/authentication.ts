import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import { protocolViolation } from '../../wire/protocol-violation.js';

/** The `R` family: one type byte, told apart by a code in the body. */
export interface Authentication {
  readonly kind: 'Authentication';
  readonly request:
    | { readonly type: 'Ok' }
    | { readonly type: 'CleartextPassword' }
    | { readonly type: 'SASL'; readonly mechanisms: readonly string[] }
    | { readonly type: 'SASLContinue'; readonly data: Uint8Array }
    | { readonly type: 'SASLFinal'; readonly data: Uint8Array };
}

const CODE = { Ok: 0, CleartextPassword: 3, SASL: 10, SASLContinue: 11, SASLFinal: 12 } as const;

export const Authentication = {
  kind: 'Authentication',
  tag: 0x52, // R
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode({ request }, out) {
    out.int32(CODE[request.type]);
    if (request.type === 'SASL') {
      for (const mechanism of request.mechanisms) out.cstring(mechanism);
      out.uint8(0);
    } else if (request.type === 'SASLContinue' || request.type === 'SASLFinal') out.bytes(request.data);
  },
  decode(body) {
    const code = body.int32();
    switch (code) {
      case CODE.Ok:
        return { kind: 'Authentication', request: { type: 'Ok' } };
      case CODE.CleartextPassword:
        return { kind: 'Authentication', request: { type: 'CleartextPassword' } };
      case CODE.SASL: {
        const mechanisms: string[] = [];
        for (let name = body.cstring(); name !== ''; name = body.cstring()) mechanisms.push(name);
        return { kind: 'Authentication', request: { type: 'SASL', mechanisms } };
      }
      case CODE.SASLContinue:
        return { kind: 'Authentication', request: { type: 'SASLContinue', data: body.rest() } };
      case CODE.SASLFinal:
        return { kind: 'Authentication', request: { type: 'SASLFinal', data: body.rest() } };
      default:
        throw protocolViolation(`unknown authentication request ${code}`);
    }
  },
} as const satisfies Codec<Authentication>;
