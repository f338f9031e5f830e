import { describe, expect, it } from '@jest/globals';
import { encodeFrame, FrameDecoder, sqlcodeOf, statusCode, type Frame } from '@iris-devtools/protocol';
import fc from 'fast-check';

function drain(decoder: FrameDecoder): Frame[] {
  const frames: Frame[] = [];
  for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) frames.push(frame);
  return frames;
}

describe('FrameDecoder', () => {
  it('cuts a stream into the same frames however it is chunked', () => {
    const frames = fc.array(
      fc.record({
        sequence: fc.nat(),
        statementId: fc.nat(),
        code: fc.nat(65_535),
        payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sent, sizes) => {
        const bytes = Buffer.concat(sent.map((frame) => encodeFrame(frame, frame.payload)));
        const decoder = new FrameDecoder();
        const received: Frame[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          decoder.push(bytes.subarray(at, at + size));
          received.push(...drain(decoder));
          at += size;
        }
        expect(received).toEqual(sent);
        expect(decoder.pendingBytes).toBe(0);
      }),
    );
  });

  it('gives a payload in pieces, between frames that it gives whole', () => {
    const frame = fc.record({
      streamed: fc.boolean(),
      payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), sizes, (sent, chunkSizes) => {
        const decoder = new FrameDecoder({ maxPayloadBytes: 300 });
        const received: Buffer[] = [];
        for (const [sequence, { streamed, payload }] of sent.entries()) {
          const bytes = encodeFrame({ sequence, statementId: 7, code: 9 }, payload);
          let pieces: Buffer[] | undefined;
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = chunkSizes[i % chunkSizes.length] ?? 1;
            decoder.push(bytes.subarray(at, at + size));
            at += size;
            if (!streamed) received.push(...drain(decoder).map((whole) => whole.payload));
            else {
              if (pieces === undefined) {
                const header = decoder.nextHeader();
                if (header === undefined) continue;
                expect(header).toEqual({ sequence, statementId: 7, code: 9, payloadLength: payload.length });
                pieces = [];
              }
              const piece = decoder.nextPiece();
              if (piece !== undefined) pieces.push(piece);
            }
          }
          if (pieces !== undefined) received.push(Buffer.concat(pieces));
          expect(decoder.nextPiece()).toBeUndefined();
        }
        expect(received).toEqual(sent.map(({ payload }) => payload));
        expect(decoder.pendingBytes).toBe(0);
      }),
    );
  });

  it('streams what is longer than any message may be', () => {
    const decoder = new FrameDecoder({ maxPayloadBytes: 10 });
    const header = encodeFrame({ sequence: 1, statementId: 0, code: 0 });
    header.writeUInt32LE(0xffff_ffff, 0);
    decoder.push(header);
    expect(decoder.nextHeader()).toMatchObject({ payloadLength: 0xffff_ffff });
    expect(decoder.nextPiece()).toBeUndefined();
    decoder.push(Buffer.alloc(100_000));
    expect(decoder.nextPiece()).toHaveLength(100_000);
    expect(decoder.pendingBytes).toBe(0);
  });

  it('refuses a payload above the limit as soon as its header is there', () => {
    const decoder = new FrameDecoder({ maxPayloadBytes: 100 });
    const header = encodeFrame({ sequence: 0, statementId: 0, code: 0 });
    header.writeUInt32LE(101, 0);
    decoder.push(header.subarray(0, 13));
    expect(decoder.next()).toBeUndefined();
    decoder.push(header.subarray(13));
    expect(() => decoder.next()).toThrow(/exceeds the limit of 100/);
  });

  it('takes a large message in small pieces without copying it again and again', () => {
    const payload = Buffer.alloc(20 * 1024 * 1024, 7);
    const message = encodeFrame({ sequence: 1, statementId: 0, code: 0 }, payload);
    const decoder = new FrameDecoder();
    const started = process.cpuUsage();
    let frame: Frame | undefined;
    for (let at = 0; at < message.length; at += 1000) {
      decoder.push(message.subarray(at, at + 1000));
      frame = decoder.next();
    }
    const used = process.cpuUsage(started);
    expect(frame?.payload.equals(payload)).toBe(true);
    // Copying everything for every piece would move 200 GB and take minutes of processor time.
    expect((used.user + used.system) / 1e6).toBeLessThan(10);
  });

  it('reads SQLCODEs from the status', () => {
    for (const sqlcode of [0, 100, -30, -417, -853, -32_767])
      expect(sqlcodeOf(statusCode(sqlcode))).toBe(sqlcode);
    expect(statusCode(-30)).toBe(30);
    expect(statusCode(404)).toBe(404);
    expect(sqlcodeOf(0xffe2)).toBe(-30);
  });
});
