import { ByteReader } from '../../wire/byte-reader.js';
import type { ByteWriter } from '../../wire/byte-writer.js';
import { CANCEL_REQUEST_CODE, decodeCancelRequest, encodeCancelRequest } from './cancel-request.js';
import type { CancelRequest } from './cancel-request.js';
import { encodeEncryptionRequest, GSSENC_REQUEST_CODE, SSL_REQUEST_CODE } from './encryption-request.js';
import type { GSSENCRequest, SSLRequest } from './encryption-request.js';
import { decodeStartupOptions, encodeStartupMessage } from './startup-message.js';
import type { StartupMessage } from './startup-message.js';

/** Everything that can arrive before the type bytes begin. */
export type StartupPacket = StartupMessage | SSLRequest | GSSENCRequest | CancelRequest;

/** As PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
export const MAX_STARTUP_PACKET_BYTES = 10_000;

export function encodeStartupPacket(packet: StartupPacket, out: ByteWriter): void {
  out.frame(undefined, (body) => {
    if (packet.kind === 'StartupMessage') encodeStartupMessage(packet, body);
    else if (packet.kind === 'CancelRequest') encodeCancelRequest(packet, body);
    else encodeEncryptionRequest(packet, body);
  });
}

/** @param bytes the packet without its length */
export function decodeStartupPacket(bytes: Uint8Array): StartupPacket {
  const body = new ByteReader(bytes);
  const code = body.int32();
  switch (code) {
    case CANCEL_REQUEST_CODE:
      return decodeCancelRequest(body);
    case SSL_REQUEST_CODE:
      body.end();
      return { kind: 'SSLRequest' };
    case GSSENC_REQUEST_CODE:
      body.end();
      return { kind: 'GSSENCRequest' };
    default: {
      const majorVersion = code >>> 16;
      const minorVersion = code & 0xffff;
      // Another major version may be laid out differently, so its body is not looked into.
      const options = majorVersion === 3 ? decodeStartupOptions(body) : new Map<string, string>();
      return { kind: 'StartupMessage', majorVersion, minorVersion, options };
    }
  }
}
