import type { ListReader } from '../list/list-reader.js';
import { ITEM_TYPE } from '../list/item-type.js';
import type { ListWriter } from '../list/list-writer.js';

/** User name and password travel obfuscated. Anyone on the path can reverse this: only TLS protects them. */
const KEY = 0xa7;

/** Each byte: xor, add its distance from the end, rotate left by 5; the order of the bytes is reversed. */
export function obfuscateBytes(plain: Uint8Array): Buffer {
  const out = Buffer.alloc(plain.length);
  plain.forEach((byte, index) => {
    const position = plain.length - 1 - index;
    const mixed = ((byte ^ KEY) + position) & 0xff;
    out[position] = ((mixed << 5) | (mixed >> 3)) & 0xff;
  });
  return out;
}

export function deobfuscateBytes(hidden: Uint8Array): Buffer {
  const out = Buffer.alloc(hidden.length);
  hidden.forEach((byte, position) => {
    const mixed = ((byte >> 5) | (byte << 3)) & 0xff;
    out[hidden.length - 1 - position] = ((mixed - position) & 0xff) ^ KEY;
  });
  return out;
}

/** 8-bit text as one byte per character; otherwise the low byte of each UTF-16 unit is obfuscated and the high byte kept. */
export function writeCredential(out: ListWriter, text: string): void {
  const units = Buffer.from(text, 'utf16le');
  const low = Buffer.from(units.filter((_, index) => index % 2 === 0));
  const high = Buffer.from(units.filter((_, index) => index % 2 === 1));
  const hidden = obfuscateBytes(low);
  if (high.every((byte) => byte === 0)) {
    out.bytes(hidden);
    return;
  }
  // The official addon reverses whole units, so the high bytes change places too.
  high.reverse();
  out.wideText(
    Buffer.from(units.map((_, index) => (index % 2 === 0 ? hidden : high)[index >> 1] ?? 0)).toString(
      'utf16le',
    ),
  );
}

export function readCredential(body: ListReader): string {
  body.next();
  const data = body.currentBytes();
  if (body.itemType !== ITEM_TYPE.WIDE_STRING) return deobfuscateBytes(data).toString('latin1');
  const even = data.subarray(0, data.length - (data.length % 2));
  const low = deobfuscateBytes(Buffer.from(even.filter((_, index) => index % 2 === 0)));
  const high = Buffer.from(even.filter((_, index) => index % 2 === 1)).reverse();
  return Buffer.from(even.map((_, index) => (index % 2 === 0 ? low : high)[index >> 1] ?? 0)).toString(
    'utf16le',
  );
}
