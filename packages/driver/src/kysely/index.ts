export { IrisDialect } from './iris-dialect.js';
export { IrisIntrospector } from './iris-introspector.js';
export { IrisQueryCompiler } from './iris-query-compiler.js';

export type { IrisDialectConfig } from './iris-dialect.js';
