export { parseStatement } from './parser/parse-statement.js';
export { isReservedWord } from './parser/reserved-words.js';

export type { ParserOptions } from './parser/options.js';
