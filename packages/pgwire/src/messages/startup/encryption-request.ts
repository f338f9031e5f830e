import type { ByteWriter } from '../../wire/byte-writer.js';

/** Asks for TLS; answered with one byte, S or N. */
export interface SSLRequest {
  readonly kind: 'SSLRequest';
}

/** Asks for GSSAPI encryption; answered with one byte, G or N. */
export interface GSSENCRequest {
  readonly kind: 'GSSENCRequest';
}

export const SSL_REQUEST_CODE = 80877103;
export const GSSENC_REQUEST_CODE = 80877104;

export function encodeEncryptionRequest(message: SSLRequest | GSSENCRequest, out: ByteWriter): void {
  out.int32(message.kind === 'SSLRequest' ? SSL_REQUEST_CODE : GSSENC_REQUEST_CODE);
}
