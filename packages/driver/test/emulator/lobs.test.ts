import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, Lob, type IrisConnection } from '@iris-devtools/driver';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

const MIB = 1024 * 1024;

/** Text with characters of every plane of Unicode that has assigned or private ones, some of them at every offset of a piece. */
function textOfAllPlanes(minBytes: number): string {
  const planes = [0, 1, 2, 3, 14, 15, 16];
  let part = 'aé€';
  for (const plane of planes)
    part += String.fromCodePoint(plane * 0x10000 + 0x4e2d, plane * 0x10000 + 0xfffd);
  return part.repeat(Math.ceil(minBytes / Buffer.byteLength(part)));
}

const digest = (value: string | Uint8Array): string => createHash('sha256').update(value).digest('hex');

describe('LOBs of several MiB', () => {
  const text = textOfAllPlanes(5 * MIB);
  const bytes = randomBytes(5 * MIB + 1);
  let emulator: Emulator;
  let writer: IrisConnection;
  beforeAll(async () => {
    emulator = await startEmulator();
    writer = await connect(emulator.url);
    await writer.query('CREATE TABLE Lob.T (k INTEGER, c LONGVARCHAR, b LONGVARBINARY)');
    await writer.query('INSERT INTO Lob.T VALUES (1, ?, ?)', [text, bytes]);
    await writer.query('INSERT INTO Lob.T VALUES (2, ?, ?)', ['', Buffer.alloc(0)]);
    await writer.query('INSERT INTO Lob.T VALUES (3, ?, ?)', [null, null]);
    await writer.query('INSERT INTO Lob.T VALUES (4, ?, ?)', ['ж', Buffer.from([255])]);
  });
  afterAll(async () => {
    await writer.close();
    await emulator.stop();
  });

  it('come back as they were written, with their row', async () => {
    const [row] = (await writer.query('SELECT c, b FROM Lob.T WHERE k = 1')).rows;
    expect(digest(row?.['c'] as string)).toBe(digest(text));
    expect(digest(row?.['b'] as Buffer)).toBe(digest(bytes));
  });

  it('keep NULL, empty and short values apart, whatever the mode', async () => {
    for (const lobs of ['read', 'auto'] as const) {
      await using connection = await connect(`${emulator.url}?lobs=${lobs}`);
      const { rows } = await connection.query('SELECT c, b FROM Lob.T WHERE k > 1 ORDER BY k');
      expect(rows).toEqual([
        { c: '', b: Buffer.alloc(0) },
        { c: null, b: null },
        { c: 'ж', b: Buffer.from([255]) },
      ]);
    }
  });

  it('come as handles, whose pieces make up the whole', async () => {
    await using connection = await connect(`${emulator.url}?lobs=auto&maxLobBytes=${MIB}`);
    for await (const { c, b } of connection.stream('SELECT c, b FROM Lob.T WHERE k = 1')) {
      if (!(c instanceof Lob && b instanceof Lob)) throw new Error('no handles');
      expect([await c.size(), await b.size()]).toEqual([text.length, bytes.length]);
      const sums = { c: createHash('sha256'), b: createHash('sha256') };
      for await (const piece of c) sums.c.update(piece);
      for await (const piece of b) sums.b.update(piece);
      expect([sums.c.digest('hex'), sums.b.digest('hex')]).toEqual([digest(text), digest(bytes)]);
      // 29 units before the text repeats.
      expect(await c.part(29_000, 29)).toBe(text.slice(0, 29));
      expect((await b.part(bytes.length - 2, 50)) as Buffer).toEqual(bytes.subarray(-2));
      expect([await c.part(text.length, 10), await c.part(0, 0)]).toEqual(['', '']);
      await expect(c.part(-1, 5)).rejects.toMatchObject({ code: 'IRIS_VALUE' });
      await expect(c.text()).rejects.toMatchObject({ code: 'IRIS_LIMIT' });
      expect(digest(await c.text({ maxBytes: 8 * MIB }))).toBe(digest(text));
    }
  });
});
