/** A piece of text to replace; offsets in UTF-16 units, `end` exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits done. They must be sorted and apart. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const edit of edits) {
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}

/** Where PostgreSQL's position (1-based, in characters) in the edited text lies in the text that the client sent. */
export function originalPosition(original: string, edits: readonly Edit[], position: number): number {
  if (edits.length === 0) return position;
  const edited = applyEdits(original, edits);
  const offset = unitsOfCharacters(edited, position - 1);
  let shift = 0;
  for (const edit of edits) {
    const startInEdited = edit.start + shift;
    if (offset < startInEdited) break;
    if (offset < startInEdited + edit.text.length) return charactersOfUnits(original, edit.start) + 1;
    shift += edit.text.length - (edit.end - edit.start);
  }
  return charactersOfUnits(original, offset - shift) + 1;
}

/** libpg-query counts UTF-8 bytes, strings here UTF-16 units. Fast when asked in ascending order. */
export class ByteOffsets {
  readonly #utf8: Buffer;
  #bytes = 0;
  #units = 0;

  constructor(text: string) {
    this.#utf8 = Buffer.from(text, 'utf8');
  }

  units(byteOffset: number): number {
    if (byteOffset < this.#bytes) {
      this.#bytes = 0;
      this.#units = 0;
    }
    this.#units += this.#utf8.toString('utf8', this.#bytes, byteOffset).length;
    this.#bytes = byteOffset;
    return this.#units;
  }

  /** Does the text have these ASCII characters at this place? */
  holdsAt(byteOffset: number, ascii: string): boolean {
    return this.#utf8.toString('latin1', byteOffset, byteOffset + ascii.length) === ascii;
  }
}

function unitsOfCharacters(text: string, characters: number): number {
  let units = 0;
  for (let left = characters; left > 0 && units < text.length; left -= 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}

function charactersOfUnits(text: string, units: number): number {
  let characters = 0;
  for (let at = 0; at < units; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) characters += 1;
  return characters;
}
