import type {
  CreateTableStatement,
  ForeignKeyConstraint,
  Identifier,
  TableConstraint,
  TableElement,
  TableOption,
  TableWord,
} from '../ast.js';
import { parseColumnDefinition, parseReferences, parseStorageType } from './columns.js';
import { parseQuery } from './query.js';
import type { TokenCursor } from './token-cursor.js';
import { parseParameterValue } from './type-name.js';

/** The code of a second one. */
const TABLE_WORDS = {
  '%DESCRIPTION': -82,
  '%FILE': -83,
  '%NUMROWS': -84,
  '%EXTENTSIZE': -84,
  '%ROUTINE': -85,
} as const;

/** From TABLE on: `CREATE [GLOBAL TEMPORARY]` has been read. */
export function parseCreateTable(
  p: TokenCursor,
  position: number,
  globalTemporary: boolean,
): CreateTableStatement {
  p.expectWord('TABLE');
  const ifNotExists = p.acceptWord('IF', 'NOT', 'EXISTS');
  const table = p.qualifiedName();
  const head = { kind: 'create-table', ifNotExists, globalTemporary, table, position } as const;
  if (p.acceptWord('AS')) {
    const query = parseQuery(p);
    return { ...head, definition: { kind: 'query', query }, options: parseTableOptions(p) };
  }
  p.expectSymbol('(');
  const inner: TableOption[] = [];
  const elements = p.commaList(() => parseElement(p, inner)).filter((element) => element !== undefined);
  p.expectSymbol(')');
  refuseRepeatedWords(p, elements);
  return { ...head, definition: { kind: 'elements', elements }, options: parseTableOptions(p, inner) };
}

function refuseRepeatedWords(p: TokenCursor, elements: readonly TableElement[]): void {
  const seen = new Set<string>();
  for (const element of elements) {
    if (element.kind !== 'table-word' || element.word === '%PUBLICROWID') continue;
    if (seen.has(element.word)) {
      throw p.error(TABLE_WORDS[element.word], `Multiple table ${element.word} definitions found`);
    }
    seen.add(element.word);
  }
}

/** Options of the table may stand among its columns, too. */
function parseElement(p: TokenCursor, options: TableOption[]): TableElement | undefined {
  if (p.isWord('%CLASSPARAMETER')) {
    options.push(parseOption(p));
    return undefined;
  }
  if (p.isWord('SHARD')) {
    options.push(parseShard(p));
    return undefined;
  }
  if (p.token.upper.startsWith('%')) {
    const word = parseTableWord(p);
    if (word !== undefined) return word;
  }
  return isTableConstraint(p) ? parseTableConstraint(p) : parseColumnDefinition(p);
}

function parseTableWord(p: TokenCursor): TableWord | undefined {
  const { position } = p;
  if (p.acceptWord('%PUBLICROWID')) return { kind: 'table-word', word: '%PUBLICROWID', position };
  const word = p.acceptAnyWord('%DESCRIPTION', '%FILE', '%NUMROWS', '%EXTENTSIZE', '%ROUTINE');
  return word && { kind: 'table-word', word, value: parseParameterValue(p), position };
}

export function isTableConstraint(p: TokenCursor): boolean {
  return p.isWord('CONSTRAINT', 'UNIQUE', 'PRIMARY', 'FOREIGN');
}

/** `[CONSTRAINT n] UNIQUE (..) | PRIMARY KEY (..) | FOREIGN KEY (..) REFERENCES ..` */
export function parseTableConstraint(p: TokenCursor): TableConstraint {
  const { position } = p;
  const name = p.acceptWord('CONSTRAINT') ? p.identifier() : undefined;
  const head = { ...(name && { name }), position };
  switch (p.expectAnyWord('UNIQUE', 'PRIMARY', 'FOREIGN')) {
    case 'UNIQUE':
      return { kind: 'unique', ...head, columns: parseKeyColumns(p) };
    case 'PRIMARY':
      p.expectWord('KEY');
      return { kind: 'primary-key', ...head, columns: parseKeyColumns(p) };
    case 'FOREIGN':
      return parseForeignKey(p, head);
  }
}

/** CLUSTERED and FILLFACTOR mean something elsewhere only. */
function parseKeyColumns(p: TokenCursor): Identifier[] {
  p.acceptAnyWord('CLUSTERED', 'NONCLUSTERED');
  const columns = p.identifierList();
  if (p.acceptWord('WITH', 'FILLFACTOR')) {
    p.acceptSymbol('=');
    parseParameterValue(p);
  }
  return columns;
}

function parseForeignKey(
  p: TokenCursor,
  head: Pick<ForeignKeyConstraint, 'name' | 'position'>,
): ForeignKeyConstraint {
  p.expectWord('KEY');
  const columns = p.identifierList();
  return { kind: 'foreign-key', ...head, columns, references: parseReferences(p) };
}

/** What follows the closing parenthesis. @throws IrisError -327 for a repeated option */
export function parseTableOptions(p: TokenCursor, inner: readonly TableOption[] = []): TableOption[] {
  skipForeignOptions(p);
  const options = [...inner, ...parseDistribution(p)];
  if (p.acceptWord('WITH')) options.push(...p.commaList(() => parseOption(p)));
  const names = options.map((option) => (option.kind === 'class-parameter' ? option.name : option.kind));
  if (new Set(names).size < names.length) throw p.error(-327, 'Duplicate table option found');
  return options;
}

/** Words of other vendors: where rows are kept and how they are locked. */
function skipForeignOptions(p: TokenCursor): void {
  for (;;) {
    if (p.acceptAnyWord('ON', 'IN') !== undefined) p.identifier();
    else if (p.acceptWord('LOCK', 'MODE')) p.acceptAnyWord('ROW', 'PAGE');
    else return;
  }
}

function parseOption(p: TokenCursor): TableOption {
  const { position } = p;
  if (p.acceptWord('STORAGETYPE'))
    return { kind: 'storage-type', storageType: parseStorageType(p), position };
  p.expectWord('%CLASSPARAMETER');
  const name = p.identifier().name.toUpperCase();
  p.acceptSymbol('=');
  return { kind: 'class-parameter', name, value: parseParameterValue(p), position };
}

/** SHARD and PARTITION BY spread rows over machines and databases. */
function parseDistribution(p: TokenCursor): TableOption[] {
  const options: TableOption[] = [];
  while (p.isWord('SHARD', 'PARTITION')) {
    const { position } = p;
    if (p.isWord('SHARD')) options.push(parseShard(p));
    else {
      parsePartition(p);
      options.push({ kind: 'partition', position });
    }
  }
  return options;
}

function parseShard(p: TokenCursor): TableOption {
  const { position } = p;
  p.expectWord('SHARD');
  if (p.acceptWord('KEY')) p.identifierList();
  if (p.acceptWord('COSHARD')) {
    p.acceptWord('WITH');
    const parenthesized = p.acceptSymbol('(');
    p.qualifiedName();
    if (parenthesized) p.expectSymbol(')');
  }
  return { kind: 'shard', position };
}

/** `PARTITION OFF`, `PARTITION BY RANGE|HASH|LIST (..) ..`: parentheses must match, the rest is IRIS's business. */
function parsePartition(p: TokenCursor): void {
  if (p.acceptWord('PARTITION', 'OFF')) return;
  p.expectWord('PARTITION', 'BY');
  p.expectAnyWord('RANGE', 'HASH', 'LIST');
  let depth = 0;
  while (!p.atEnd && (depth > 0 || !p.isWord('WITH', 'SHARD'))) {
    if (p.isSymbol('(')) depth++;
    if (p.isSymbol(')') && --depth < 0) return;
    p.advance();
  }
}
