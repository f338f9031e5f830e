import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeStartupPacket, encodeStartupPacket } from '../../src/messages/startup/startup-packet.js';
import type { StartupPacket } from '../../src/messages/startup/startup-packet.js';
import { PgError } from '../../src/pg-error.js';
import { commandLineSettings } from '../../src/server/startup.js';
import { ByteWriter } from '../../src/wire/byte-writer.js';

const PACKETS: readonly { name: string; hex: string; packet: StartupPacket }[] = [
  { name: 'SSLRequest', hex: '00000008 04d2162f', packet: { kind: 'SSLRequest' } },
  { name: 'GSSENCRequest', hex: '00000008 04d21630', packet: { kind: 'GSSENCRequest' } },
  {
    name: 'CancelRequest',
    hex: '00000010 04d2162e 00000007 0a0b0c0d',
    packet: { kind: 'CancelRequest', processId: 7, secretKey: Buffer.from('0a0b0c0d', 'hex') },
  },
  {
    name: 'StartupMessage 3.0',
    hex: '00000010 00030000 7573657200 6100 00',
    packet: { kind: 'StartupMessage', majorVersion: 3, minorVersion: 0, options: new Map([['user', 'a']]) },
  },
];

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('startup packets', () => {
  it.each(PACKETS)('$name is read', ({ hex, packet }) => {
    expect(decodeStartupPacket(bytesOf(hex).subarray(4))).toEqual(packet);
  });

  it.each(PACKETS)('$name is written', ({ hex, packet }) => {
    const out = new ByteWriter();
    encodeStartupPacket(packet, out);
    expect(out.take().toString('hex')).toBe(bytesOf(hex).toString('hex'));
  });

  it('of another major version is named, not read', () => {
    expect(decodeStartupPacket(bytesOf('00020000 ffffff'))).toMatchObject({
      majorVersion: 2,
      minorVersion: 0,
    });
  });

  it('without its end is a protocol violation', () => {
    expect(() => decodeStartupPacket(bytesOf('00030000 7573657200 6100'))).toThrow(
      expect.objectContaining({ sqlstate: '08P01' }),
    );
  });

  it('ends in a typed error or a packet for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          decodeStartupPacket(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(PgError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('PGOPTIONS', () => {
  it.each([
    ['-c search_path=a,b', [['search_path', 'a,b']]],
    [
      '-csearch_path=x --work-mem=1MB',
      [
        ['search_path', 'x'],
        ['work_mem', '1MB'],
      ],
    ],
    ['-c application_name=two\\ words', [['application_name', 'two words']]],
    ['', []],
  ])('%j', (text, settings) => {
    expect(commandLineSettings(text)).toEqual(settings);
  });

  it('refuses what is no setting', () => {
    expect(() => commandLineSettings('-F')).toThrow('invalid command-line argument');
  });
});
