import { emptyBody, ignoredBody, type Empty, type MessageCodec } from './codec.js';

/** A request without content. The reply's payload is not looked at: none of these is known to have one. */
export function plainMessage<const Kind extends string>(
  kind: Kind,
  code: string,
  family: 'session' | 'sql' = 'session',
): MessageCodec<{ readonly kind: Kind }, Empty> {
  return {
    kind,
    code,
    family,
    request: {
      encode: () => undefined,
      decode(body) {
        emptyBody.decode(body, {});
        return { kind };
      },
    },
    reply: ignoredBody,
  };
}
