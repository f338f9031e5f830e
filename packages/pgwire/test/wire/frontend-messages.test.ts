import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeFrontend,
  decodeLogin,
  encodeFrontend,
  frontendBodyLimit,
  loginBodyLimit,
} from '../../src/messages/frontend-messages.js';
import type { FrontendMessage } from '../../src/messages/frontend-messages.js';
import { PgError } from '../../src/pg-error.js';
import { ByteWriter } from '../../src/wire/byte-writer.js';
import { FrameDecoder } from '../../src/wire/frame-decoder.js';
import { plain } from '../support/plain.js';

/** Bytes as libpq 15 and asyncpg send them, written down by hand from "Message Formats". */
const VECTORS: readonly { name: string; hex: string; message: FrontendMessage }[] = [
  { name: 'Query', hex: '51 0000000d 73656c656374203100', message: { kind: 'Query', sql: 'select 1' } },
  {
    name: 'Parse with one type',
    hex: '50 00000017 733100 73656c656374202431 00 0001 00000017',
    message: { kind: 'Parse', statement: 's1', sql: 'select $1', parameterOids: [23] },
  },
  {
    name: 'Bind with text, NULL and binary',
    hex: '42 00000028 00 733100 0003 0000 0000 0001 0003 00000002 3432 ffffffff 00000004 0000002a 0001 0001',
    message: {
      kind: 'Bind',
      portal: '',
      statement: 's1',
      parameterFormats: [0, 0, 1],
      parameters: [Buffer.from('42'), null, Buffer.from([0, 0, 0, 42])],
      resultFormats: [1],
    },
  },
  { name: 'Describe', hex: '44 00000008 53 733100', message: { kind: 'Describe', target: 'S', name: 's1' } },
  { name: 'Close', hex: '43 00000006 50 00', message: { kind: 'Close', target: 'P', name: '' } },
  { name: 'Execute', hex: '45 00000009 00 00000032', message: { kind: 'Execute', portal: '', maxRows: 50 } },
  { name: 'Flush', hex: '48 00000004', message: { kind: 'Flush' } },
  { name: 'Sync', hex: '53 00000004', message: { kind: 'Sync' } },
  { name: 'Terminate', hex: '58 00000004', message: { kind: 'Terminate' } },
  { name: 'CopyData', hex: '64 00000006 610a', message: { kind: 'CopyData', data: Buffer.from('a\n') } },
  { name: 'CopyDone', hex: '63 00000004', message: { kind: 'CopyDone' } },
  { name: 'CopyFail', hex: '66 00000007 6e6f00', message: { kind: 'CopyFail', reason: 'no' } },
  {
    name: 'FunctionCall',
    hex: '46 0000000a 00000539 0000',
    message: { kind: 'FunctionCall', functionOid: 1337, body: Buffer.from([0, 0]) },
  },
];

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

function decodeAll(chunks: readonly Uint8Array[]): FrontendMessage[] {
  const decoder = new FrameDecoder();
  const messages: FrontendMessage[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (
      let frame = decoder.next(frontendBodyLimit);
      frame !== undefined;
      frame = decoder.next(frontendBodyLimit)
    ) {
      messages.push(decodeFrontend(frame));
    }
  }
  return messages;
}

describe('frontend messages', () => {
  it.each(VECTORS)('$name is read whole', ({ hex, message }) => {
    expect(plain(decodeAll([bytesOf(hex)]))).toEqual(plain([message]));
  });

  it.each(VECTORS)('$name is written as it came', ({ hex, message }) => {
    const out = new ByteWriter();
    encodeFrontend(message, out);
    expect(out.take().toString('hex')).toBe(bytesOf(hex).toString('hex'));
  });

  it('reads all of them from a stream that arrives byte by byte', () => {
    const stream = Buffer.concat(VECTORS.map(({ hex }) => bytesOf(hex)));
    const messages = decodeAll(Array.from(stream, (byte) => Uint8Array.of(byte)));
    expect(plain(messages)).toEqual(plain(VECTORS.map(({ message }) => message)));
  });

  it('reads all of them from one chunk', () => {
    const stream = Buffer.concat(VECTORS.map(({ hex }) => bytesOf(hex)));
    expect(decodeAll([stream])).toHaveLength(VECTORS.length);
  });

  it('gives the same messages however the stream is cut', () => {
    const stream = Buffer.concat(VECTORS.map(({ hex }) => bytesOf(hex)));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 8 }), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const chunks = edges.slice(1).map((edge, index) => stream.subarray(edges[index], edge));
        expect(decodeAll(chunks)).toHaveLength(VECTORS.length);
      }),
    );
  });

  it.each(VECTORS.filter(({ hex }) => bytesOf(hex).length > 5))(
    '$name with a body that is too short is a protocol violation',
    ({ hex, message }) => {
      // CopyData and FunctionCall may hold anything.
      if (message.kind === 'CopyData' || message.kind === 'FunctionCall') return;
      const whole = bytesOf(hex);
      const cut = Buffer.from(whole.subarray(0, -1));
      cut.writeInt32BE(cut.length - 1, 1);
      expect(() => decodeAll([cut])).toThrow(expect.objectContaining({ name: 'PgError', sqlstate: '08P01' }));
    },
  );

  it('ends in a typed error or a message for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeAll([bytes]);
        } catch (error) {
          expect(error).toBeInstanceOf(PgError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('ends in a typed error or a message for any body of any type', () => {
    const tags = VECTORS.map(({ hex }) => bytesOf(hex)[0] ?? 0);
    fc.assert(
      fc.property(fc.constantFrom(...tags), fc.uint8Array({ maxLength: 64 }), (tag, body) => {
        try {
          decodeFrontend({ tag, body });
        } catch (error) {
          expect(error).toBeInstanceOf(PgError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('limits', () => {
  const header = (tag: string, length: number): Buffer => {
    const bytes = Buffer.alloc(5);
    bytes.write(tag);
    bytes.writeInt32BE(length, 1);
    return bytes;
  };

  it.each([
    ['a Sync with a body', header('S', 5)],
    ['a length below its own size', header('Q', 3)],
    ['a negative length', header('Q', -1)],
    ['a Describe of a megabyte', header('D', 1_000_000)],
    ['the longest length there is', header('Q', 0x7fff_ffff)],
  ])('%s is refused before its body arrives', (_name, bytes) => {
    expect(() => decodeAll([bytes])).toThrow('invalid message length');
  });

  it('an unknown type is refused by its first byte', () => {
    expect(() => decodeAll([Buffer.from('z')])).toThrow('invalid frontend message type 122');
  });

  it('before the login is done only password messages are read', () => {
    const decoder = new FrameDecoder();
    decoder.push(Buffer.from('Q'));
    expect(() => decoder.next(loginBodyLimit)).toThrow(expect.objectContaining({ sqlstate: '08P01' }));
  });

  it('a count of parameters that cannot be there is refused without allocating for it', () => {
    const body = bytesOf('00 00 0000 ffff 00000001 41');
    expect(() => decodeFrontend({ tag: 0x42, body })).toThrow('insufficient data left in message');
  });
});

describe('login messages', () => {
  it('share one type byte and are told apart by what is expected', () => {
    const body = bytesOf('534352414d2d5348412d32353600 00000003 6e2c2c');
    expect(plain(decodeLogin('SASLInitialResponse', { tag: 0x70, body }))).toEqual(
      plain({ kind: 'SASLInitialResponse', mechanism: 'SCRAM-SHA-256', data: Buffer.from('n,,') }),
    );
    expect(decodeLogin('PasswordMessage', { tag: 0x70, body: bytesOf('70617373 00') })).toEqual({
      kind: 'PasswordMessage',
      password: 'pass',
    });
  });
});

describe('text', () => {
  it('that is not UTF-8 ends the statement, not the connection', () => {
    expect(() => decodeFrontend({ tag: 0x51, body: bytesOf('ff00') })).toThrow(
      expect.objectContaining({
        sqlstate: '22021',
        fields: expect.not.objectContaining({ severity: 'FATAL' }),
      }),
    );
  });
});
