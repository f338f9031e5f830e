import { valueError } from '../errors.js';
import { tokens } from './lexer.js';

const HINT =
  "Give the name, 'Schema.Procedure', or the text of a CALL whose arguments are all question marks.";

/**
 * The name in the text of a call: `Schema.Name`, `CALL Schema.Name(?, ?)`, `? = CALL Schema.Name()`, or one of them in braces. The server
 * wants just that.
 * @throws IrisError IRIS_VALUE for anything else, such as arguments that are literals
 */
export function procedureName(text: string, argumentCount: number): string {
  const trimmed = text.trim();
  const inner = trimmed.startsWith('{') && trimmed.endsWith('}') ? trimmed.slice(1, -1) : trimmed;
  const found = /^(?:\?\s*=\s*)?CALL\s+(?<call>[^]+)$/i.exec(inner.trim());
  const call = found?.groups?.['call'] ?? inner.trim();
  const bracket = bracketOf(call);
  const name = call.slice(0, bracket).trim();
  if (!isName(name)) throw valueError(`'${text}' is no call of a procedure`, HINT);
  if (bracket !== undefined) requireQuestionMarks(call.slice(bracket), argumentCount);
  return name;
}

/** Where the arguments begin. */
function bracketOf(call: string): number | undefined {
  for (const token of tokens(call)) {
    if (token.type === 'symbol' && call.charAt(token.start) === '(') return token.start;
  }
  return undefined;
}

const PART = '(?:"(?:[^"]|"")+"|[\\p{L}%_][\\p{L}\\p{N}%_$@#]*)';
const NAME = new RegExp(`^${PART}(?:\\s*\\.\\s*${PART})*$`, 'u');

function isName(text: string): boolean {
  return NAME.test(text) && text.toUpperCase() !== 'CALL';
}

function requireQuestionMarks(list: string, argumentCount: number): void {
  if (!/^\(\s*(\?(\s*,\s*\?)*)?\s*\)$/.test(list)) {
    throw valueError('A call has arguments that are no question marks', HINT);
  }
  const count = list.split('?').length - 1;
  if (count === argumentCount) return;
  throw valueError(`The call has ${count} question marks, but ${argumentCount} arguments were given`, HINT);
}
