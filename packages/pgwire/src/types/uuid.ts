import { codec, requireLength, unexpectedValue } from './codec.js';

/** PostgreSQL takes a hyphen after any group of four digits, and braces around the whole. */
const UUID_TEXT = /^(?:\{((?:[0-9a-f]{4}-?){7}[0-9a-f]{4})\}|((?:[0-9a-f]{4}-?){7}[0-9a-f]{4}))$/i;

function canonical(text: string): string | undefined {
  const match = UUID_TEXT.exec(text);
  const digits = (match?.[1] ?? match?.[2])?.replaceAll('-', '').toLowerCase();
  return digits?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const uuid = codec<string>({
  name: 'uuid',
  fromIris: (value) => {
    const found = typeof value === 'string' ? canonical(value) : undefined;
    if (found === undefined) throw unexpectedValue('uuid', value);
    return found;
  },
  toIris: (datum) => datum,
  fromText: canonical,
  toText: (datum) => datum,
  fromBinary: (bytes) => canonical(requireLength(bytes, 16, 'uuid').toString('hex')) ?? '',
  toBinary: (datum) => Buffer.from(datum.replaceAll('-', ''), 'hex'),
});
