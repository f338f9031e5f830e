export { parseStatement } from './parser/parse-statement.js';
export { isReservedWord } from './parser/reserved-words.js';
export { resolveType, vectorElementType } from './type-names.js';

export type { ParserOptions } from './parser/options.js';
export type { IrisType, IrisTypeName, VectorElementType } from './types.js';
