import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backendBodyLimit, decodeBackend, encodeBackend } from '../../src/messages/backend-messages.js';
import type { BackendMessage } from '../../src/messages/backend-messages.js';
import { PgError } from '../../src/pg-error.js';
import { ByteWriter } from '../../src/wire/byte-writer.js';
import { FrameDecoder } from '../../src/wire/frame-decoder.js';
import { plain } from '../support/plain.js';

const VECTORS: readonly { name: string; hex: string; message: BackendMessage }[] = [
  {
    name: 'AuthenticationOk',
    hex: '52 00000008 00000000',
    message: { kind: 'Authentication', request: { type: 'Ok' } },
  },
  {
    name: 'AuthenticationCleartextPassword',
    hex: '52 00000008 00000003',
    message: { kind: 'Authentication', request: { type: 'CleartextPassword' } },
  },
  {
    name: 'AuthenticationSASL',
    hex: '52 00000017 0000000a 534352414d2d5348412d32353600 00',
    message: { kind: 'Authentication', request: { type: 'SASL', mechanisms: ['SCRAM-SHA-256'] } },
  },
  {
    name: 'BackendKeyData',
    hex: '4b 0000000c 00000001 deadbeef',
    message: { kind: 'BackendKeyData', processId: 1, secretKey: Buffer.from('deadbeef', 'hex') },
  },
  { name: 'BindComplete', hex: '32 00000004', message: { kind: 'BindComplete' } },
  { name: 'CloseComplete', hex: '33 00000004', message: { kind: 'CloseComplete' } },
  {
    name: 'CommandComplete',
    hex: '43 0000000d 53454c454354203100',
    message: { kind: 'CommandComplete', commandTag: 'SELECT 1' },
  },
  {
    name: 'CopyInResponse',
    hex: '47 0000000b 00 0002 0000 0000',
    message: { kind: 'CopyInResponse', overallFormat: 0, columnFormats: [0, 0] },
  },
  {
    name: 'CopyOutResponse',
    hex: '48 00000009 00 0001 0000',
    message: { kind: 'CopyOutResponse', overallFormat: 0, columnFormats: [0] },
  },
  {
    name: 'DataRow',
    hex: '44 00000013 0003 00000001 31 ffffffff 00000000',
    message: { kind: 'DataRow', values: [Buffer.from('1'), null, Buffer.alloc(0)] },
  },
  { name: 'EmptyQueryResponse', hex: '49 00000004', message: { kind: 'EmptyQueryResponse' } },
  {
    name: 'NegotiateProtocolVersion',
    hex: '76 00000013 00030002 00000001 5f70715f2e7800',
    message: { kind: 'NegotiateProtocolVersion', minorVersion: 2, unrecognizedOptions: ['_pq_.x'] },
  },
  { name: 'NoData', hex: '6e 00000004', message: { kind: 'NoData' } },
  {
    name: 'ParameterDescription',
    hex: '74 0000000e 0002 00000017 00000019',
    message: { kind: 'ParameterDescription', parameterOids: [23, 25] },
  },
  {
    name: 'ParameterStatus',
    hex: '53 00000011 54696d655a6f6e6500 55544300',
    message: { kind: 'ParameterStatus', name: 'TimeZone', value: 'UTC' },
  },
  { name: 'ParseComplete', hex: '31 00000004', message: { kind: 'ParseComplete' } },
  { name: 'PortalSuspended', hex: '73 00000004', message: { kind: 'PortalSuspended' } },
  { name: 'ReadyForQuery', hex: '5a 00000005 54', message: { kind: 'ReadyForQuery', status: 'T' } },
  {
    name: 'RowDescription',
    hex: '54 0000001b 0001 696400 00004000 0001 00000017 0004 ffffffff 0000',
    message: {
      kind: 'RowDescription',
      fields: [
        {
          name: 'id',
          tableOid: 16384,
          columnAttribute: 1,
          typeOid: 23,
          typeSize: 4,
          typeModifier: -1,
          format: 0,
        },
      ],
    },
  },
];

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
function encode(message: BackendMessage): Buffer {
  const out = new ByteWriter();
  encodeBackend(message, out);
  return out.take();
}

function decode(bytes: Uint8Array): BackendMessage {
  const decoder = new FrameDecoder();
  decoder.push(bytes);
  const frame = decoder.next(backendBodyLimit);
  if (frame === undefined) throw new Error('the frame is not whole');
  expect(decoder.bufferedBytes).toBe(0);
  return decodeBackend(frame);
}

describe('backend messages', () => {
  it.each(VECTORS)('$name is written', ({ hex, message }) => {
    expect(encode(message).toString('hex')).toBe(bytesOf(hex).toString('hex'));
  });

  it.each(VECTORS)('$name is read', ({ hex, message }) => {
    expect(plain(decode(bytesOf(hex)))).toEqual(plain(message));
  });

  it('keeps every field of an error', () => {
    const fields = {
      severity: 'ERROR',
      sqlstate: '23505',
      message: 'duplicate key',
      detail: 'd',
      hint: 'h',
      position: 7,
      where: 'w',
      schema: 's',
      table: 't',
      column: 'c',
      dataType: 'y',
      constraint: 'n',
    };
    for (const kind of ['ErrorResponse', 'NoticeResponse'] as const) {
      expect(decode(encode({ kind, fields }))).toEqual({ kind, fields });
    }
  });

  it('never lets a zero byte in a text end its field early', () => {
    const message = { kind: 'ParameterStatus', name: 'application_name', value: 'a\0b' } as const;
    expect(decode(encode(message))).toMatchObject({ value: 'ab' });
  });

  it('writes messages of any length right, wherever its buffer has to grow', () => {
    const out = new ByteWriter();
    const messages = Array.from({ length: 3000 }, (_, index): BackendMessage => {
      return { kind: 'DataRow', values: [Buffer.alloc(index % 97, index), null, Buffer.from([index % 256])] };
    });
    for (const message of messages) encodeBackend(message, out);
    const decoder = new FrameDecoder();
    decoder.push(out.take());
    const read: BackendMessage[] = [];
    for (
      let frame = decoder.next(backendBodyLimit);
      frame !== undefined;
      frame = decoder.next(backendBodyLimit)
    ) {
      read.push(decodeBackend(frame));
    }
    expect(plain(read)).toEqual(plain(messages));
  });

  it('gives rows back as they were', () => {
    const value = fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        expect(plain(decode(encode({ kind: 'DataRow', values })))).toEqual(
          plain({ kind: 'DataRow', values }),
        );
      }),
    );
  });

  it('ends in a typed error or a message for any bytes at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 64 }), (tag, body) => {
        try {
          decodeBackend({ tag, body });
        } catch (error) {
          expect(error).toBeInstanceOf(PgError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
