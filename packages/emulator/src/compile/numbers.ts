const LEADING = /^([+-]*)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3}))?/;

/** The number that a text begins with, in canonical form; `0` when there is none. */
export function leadingNumber(text: string): string {
  const match = LEADING.exec(text);
  if (match === null) return '0';
  const [, signs = '', digits = '0', exponent = '0'] = match;
  const negative = signs.replaceAll('+', '').length % 2 === 1;
  return canonicalNumber(`${negative ? '-' : ''}${shift(digits, Number(exponent))}`);
}

/** True when the text as a whole is a number. */
export const isNumberText = (text: string): boolean =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/.test(text);

/** `-012.50` gives `-12.5`, `0.5` gives `.5`: IRIS's canonical form of a plain decimal text. */
export function canonicalNumber(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const head = whole.replace(/^0+/, '');
  const tail = fraction.replace(/0+$/, '');
  if (head === '' && tail === '') return '0';
  return `${negative ? '-' : ''}${head}${tail === '' ? '' : `.${tail}`}`;
}

/** Moves the decimal point. */
function shift(digits: string, exponent: number): string {
  if (exponent === 0) return digits;
  const [whole = '', fraction = ''] = digits.split('.');
  if (exponent > 0) {
    const padded = fraction.padEnd(exponent, '0');
    return `${whole}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const padded = whole.padStart(-exponent + 1, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}${fraction}`;
}

/** A double in IRIS's canonical decimal text. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  return leadingNumber(String(value));
}
