import { createHash, X509Certificate } from 'node:crypto';

/**
 * tls-server-end-point (RFC 5929 section 4.1): the hash of the server's certificate, with the hash function of its
 * signature, and SHA-256 where that is MD5 or SHA-1.
 * @param certificate PEM or DER
 * @returns `undefined` when the signature names no hash (Ed25519): then channel binding cannot be offered
 */
export function tlsServerEndPoint(certificate: string | Uint8Array): Buffer | undefined {
  const der = new X509Certificate(certificate).raw;
  const hash = HASH_OF_SIGNATURE.get(signatureAlgorithmOid(der));
  return hash === undefined ? undefined : createHash(hash).update(der).digest();
}

/** Object identifiers as they stand in DER, in hex. */
const HASH_OF_SIGNATURE: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010104', 'sha256'], // md5WithRSAEncryption
  ['2a864886f70d010105', 'sha256'], // sha1WithRSAEncryption
  ['2a864886f70d01010b', 'sha256'], // sha256WithRSAEncryption
  ['2a864886f70d01010c', 'sha384'], // sha384WithRSAEncryption
  ['2a864886f70d01010d', 'sha512'], // sha512WithRSAEncryption
  ['2a864886f70d01010e', 'sha224'], // sha224WithRSAEncryption
  ['2a8648ce3d0401', 'sha256'], // ecdsa-with-SHA1
  ['2a8648ce3d040301', 'sha224'], // ecdsa-with-SHA224
  ['2a8648ce3d040302', 'sha256'], // ecdsa-with-SHA256
  ['2a8648ce3d040303', 'sha384'], // ecdsa-with-SHA384
  ['2a8648ce3d040304', 'sha512'], // ecdsa-with-SHA512
]);

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OID, ... }, signature } */
function signatureAlgorithmOid(der: Buffer): string {
  const certificate = element(der, 0);
  const tbsCertificate = element(der, certificate.start);
  const algorithm = element(der, tbsCertificate.end);
  const oid = element(der, algorithm.start);
  return der.subarray(oid.start, oid.end).toString('hex');
}

/** Where the contents of the DER element at `offset` start and end. The input is a certificate that OpenSSL accepted. */
function element(der: Buffer, offset: number): { start: number; end: number } {
  const first = der.readUInt8(offset + 1);
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const lengthBytes = first & 0x7f;
  const start = offset + 2 + lengthBytes;
  return { start, end: start + der.readUIntBE(offset + 2, lengthBytes) };
}
