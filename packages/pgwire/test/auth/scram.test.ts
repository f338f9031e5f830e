import { createHmac, pbkdf2Sync, createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginScram } from '../../src/auth/scram-exchange.js';
import { createScramVerifier, mockScramVerifier, parseScramVerifier } from '../../src/auth/scram-verifier.js';
import { PgError } from '../../src/pg-error.js';

/** A client of its own, from RFC 5802 section 3. */
function clientFinal(
  password: string,
  gs2: Buffer,
  bare: string,
  serverFirst: string,
): { message: string; signature: string } {
  const [nonce = '', salt = '', iterations = ''] = serverFirst.split(',').map((part) => part.slice(2));
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=${gs2.toString('base64')},r=${nonce}`;
  const authMessage = `${bare},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return {
    message: `${withoutProof},p=${proof.toString('base64')}`,
    signature: `v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`,
  };
}

const BARE = 'n=,r=rOprNGfwEbeRWgbNEkqO';
const offer = async (password: string, mechanism = 'SCRAM-SHA-256', channelBinding?: Buffer) => ({
  mechanism,
  channelBinding,
  verifier: parseScramVerifier(await createScramVerifier(password)),
});

describe('stored verifiers', () => {
  it('have the keys of RFC 7677, section 3', async () => {
    const verifier = parseScramVerifier(
      await createScramVerifier('pencil', { salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64') }),
    );
    const authMessage =
      'n=user,r=rOprNGfwEbeRWgbNEkqO,' +
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,' +
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const signature = createHmac('sha256', verifier.serverKey).update(authMessage).digest('base64');
    expect(signature).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  it('of passwords that SASLprep makes equal are equal', async () => {
    const salt = Buffer.alloc(16, 1);
    // U+00AD is mapped to nothing, U+2168 (roman nine) is IX.
    expect(await createScramVerifier('I\u00adX', { salt })).toBe(
      await createScramVerifier('\u2168', { salt }),
    );
  });

  it('exist for passwords that SASLprep forbids', async () => {
    await expect(createScramVerifier('\u0007bell')).resolves.toMatch(/^SCRAM-SHA-256\$4096:/);
  });

  it.each(['', 'md5abc', 'SCRAM-SHA-256$4096:AAAA$AAAA:AAAA', 'SCRAM-SHA-256$0:AAAA$x:y', 'SCRAM-SHA-256'])(
    '%j is refused, and not repeated',
    (text) => {
      expect(() => parseScramVerifier(text)).toThrow('A stored password is not a SCRAM-SHA-256 verifier');
    },
  );

  it('that are invented for unknown users keep their salt', () => {
    const secret = Buffer.from('server');
    expect(mockScramVerifier('nobody', secret).salt).toEqual(mockScramVerifier('nobody', secret).salt);
    expect(mockScramVerifier('nobody', secret).salt).not.toEqual(mockScramVerifier('other', secret).salt);
  });
});

describe('the exchange', () => {
  it('proves both sides to each other', async () => {
    const exchange = beginScram(await offer('secret'), `n,,${BARE}`);
    const client = clientFinal('secret', Buffer.from('n,,'), BARE, exchange.message);
    expect(exchange.finish(client.message)).toBe(client.signature);
  });

  it('refuses a wrong password', async () => {
    const exchange = beginScram(await offer('secret'), `n,,${BARE}`);
    expect(
      exchange.finish(clientFinal('wrong', Buffer.from('n,,'), BARE, exchange.message).message),
    ).toBeUndefined();
  });

  it('binds to the TLS channel', async () => {
    const binding = Buffer.from('certificate hash');
    const plus = await offer('secret', 'SCRAM-SHA-256-PLUS', binding);
    const header = 'p=tls-server-end-point,,';
    const exchange = beginScram(plus, header + BARE);
    const good = clientFinal('secret', Buffer.concat([Buffer.from(header), binding]), BARE, exchange.message);
    expect(exchange.finish(good.message)).toBe(good.signature);
    const forged = clientFinal(
      'secret',
      Buffer.concat([Buffer.from(header), Buffer.from('other')]),
      BARE,
      exchange.message,
    );
    expect(() => exchange.finish(forged.message)).toThrow('SCRAM channel binding check failed');
  });

  it('notices that somebody took -PLUS out of the offer', async () => {
    const stripped = await offer('secret', 'SCRAM-SHA-256', Buffer.from('hash'));
    expect(() => beginScram(stripped, `y,,${BARE}`)).toThrow('SCRAM channel binding negotiation error');
  });

  it('refuses a nonce that is not the one it gave', async () => {
    const exchange = beginScram(await offer('secret'), `n,,${BARE}`);
    const client = clientFinal('secret', Buffer.from('n,,'), BARE, exchange.message.replace('r=', 'r=x'));
    expect(() => exchange.finish(client.message)).toThrow('malformed SCRAM message');
  });

  it.each([
    '',
    'n',
    'n,,',
    'n,,n=',
    'n,,n=,r=',
    'n,a=other,n=,r=abc',
    'n,,m=ext,n=,r=abc',
    'p=tls-unique,,n=,r=a',
    'x,,n=,r=a',
  ])('refuses the client-first-message %j', async (message) => {
    const plain = await offer('secret');
    expect(() => beginScram(plain, message)).toThrow(PgError);
  });

  it('ends in a typed error, a refusal or a signature for any client-final-message', async () => {
    const exchange = beginScram(await offer('secret'), `n,,${BARE}`);
    fc.assert(
      fc.property(fc.string(), fc.base64String(), (head, proof) => {
        try {
          expect(exchange.finish(`c=biws,${head},p=${proof}`)).toBeUndefined();
        } catch (error) {
          expect(error).toBeInstanceOf(PgError);
        }
      }),
    );
  });
});
