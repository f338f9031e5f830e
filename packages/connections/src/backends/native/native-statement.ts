import type { BridgeColumn, BridgeValue } from '../bridge/messages.js';
import type { AddonIris, AddonObject, AddonValue } from './addon.js';

/** %SelectMode: dates and times as ISO text, in parameters too. */
const ODBC_MODE = 1;
const SQL_EMPTY_STRING = '\0';
const TEXT_FACTS = ['colName', 'label', 'tableName', 'schemaName'] as const;
const NUMBER_FACTS = [
  'ODBCType',
  'precision',
  'scale',
  'isNullable',
  'isAutoIncrement',
  'isCaseSensitive',
  'isReadOnly',
  'isUnique',
  'isAliased',
  'isExpression',
  'isHidden',
  'isIdentity',
  'isKeyColumn',
  'isRowId',
] as const;
/** FLOAT, REAL, DOUBLE: a number, whose text could have fewer digits. */
const DOUBLE_TYPES: readonly number[] = [6, 7, 8];
const DECIMAL_TYPES: readonly number[] = [2, 3];
const BINARY_TYPES: readonly number[] = [-2, -3];

/** A statement that failed, with the server's code. */
export class SqlFailure extends Error {
  readonly sqlcode: number;

  constructor(sqlcode: number, message: string) {
    super(message);
    this.sqlcode = sqlcode;
  }
}

function objectOf(value: AddonValue, what: string): AddonObject {
  if (typeof value === 'object' && value !== null) return value;
  throw new Error(`The server gave no ${what}`);
}

/** The value as text; '' for one that has none. */
export function scalarText(value: AddonValue): string {
  return typeof value === 'object' ? '' : String(value);
}

/** The code and the text inside the %Status of a failed %Prepare: binary list data with readable text in it. */
function prepareFailure(status: string): Error {
  const found = /SQLCODE: ?(-?\d+)\s*(?:Message:\s*)?([^\0-\x1f]*)/.exec(status);
  if (found === null) return new Error(status.replaceAll(/[\0-\x1f]+/g, ' '));
  return new SqlFailure(Number(found[1]), (found[2] ?? '').trim());
}

/** One prepared %SQL.Statement with the description of its columns. */
export class NativeStatement {
  readonly #statement: AddonObject;
  readonly columns: readonly BridgeColumn[];
  readonly parameterCount: number;

  /** @throws SqlFailure */
  constructor(iris: AddonIris, sql: string) {
    this.#statement = objectOf(iris.classMethodValue('%SQL.Statement', '%New', ODBC_MODE), '%SQL.Statement');
    const status = scalarText(this.#statement.invoke('%Prepare', sql));
    if (status !== '1') {
      this.close();
      throw prepareFailure(status);
    }
    const metadata = this.#statement.invoke('%GetMetadata');
    this.columns = columnsOf(metadata);
    this.parameterCount =
      typeof metadata === 'object' && metadata !== null ? Number(metadata.get('parameterCount')) : 0;
  }

  /** @throws SqlFailure */
  execute(parameters: readonly BridgeValue[]): NativeResult {
    const result = objectOf(this.#statement.invoke('%Execute', ...parameters.map(argument)), 'result');
    const sqlcode = Number(result.get('%SQLCODE'));
    if (sqlcode < 0) {
      const message = result.getString('%Message') ?? '';
      result.close();
      throw new SqlFailure(sqlcode, message);
    }
    return new NativeResult(result, this.columns);
  }

  close(): void {
    this.#statement.close();
  }
}

/** The outcome of one %Execute, read row by row. */
export class NativeResult {
  readonly #result: AddonObject;
  readonly columns: readonly BridgeColumn[];

  /** @param prepared what the statement said before it ran; a procedure says only afterwards what it gives */
  constructor(result: AddonObject, prepared: readonly BridgeColumn[]) {
    this.#result = result;
    this.columns = prepared.length > 0 ? prepared : columnsOf(result.invoke('%GetMetadata'));
  }

  get rowCount(): number {
    return Number(this.#result.get('%ROWCOUNT'));
  }

  /** @throws SqlFailure when the query fails on the way */
  next(): BridgeValue[] | undefined {
    if (Number(this.#result.invoke('%Next')) !== 1) {
      const sqlcode = Number(this.#result.get('%SQLCODE'));
      if (sqlcode < 0) throw new SqlFailure(sqlcode, this.#result.getString('%Message') ?? '');
      return undefined;
    }
    return this.columns.map((column, index) => this.#cell(column.ODBCType, index + 1));
  }

  close(): void {
    this.#result.close();
  }

  #cell(type: number, position: number): BridgeValue {
    if (DOUBLE_TYPES.includes(type)) {
      const value = this.#result.invoke('%GetData', position);
      return value === null ? null : { double: scalarText(value) };
    }
    const text = this.#result.invokeString('%GetData', position);
    if (text === null) return null;
    if (DECIMAL_TYPES.includes(type)) return { decimal: text };
    if (BINARY_TYPES.includes(type)) return { bytes: Buffer.from(text, 'latin1').toString('base64') };
    return text;
  }
}

/** '' is NULL for the server, and the empty string is one zero byte. Big numbers and bytes travel as text. */
function argument(value: BridgeValue): string | number {
  if (value === null) return '';
  if (value === '') return SQL_EMPTY_STRING;
  if (typeof value !== 'object') return value;
  if ('integer' in value) return value.integer;
  if ('decimal' in value) return value.decimal;
  if ('double' in value) return Number(value.double);
  return Buffer.from(value.bytes, 'base64').toString('latin1');
}

function columnsOf(metadata: AddonValue): BridgeColumn[] {
  if (typeof metadata !== 'object' || metadata === null) return [];
  const count = Number(metadata.get('columnCount'));
  if (count === 0) return [];
  const list = objectOf(metadata.get('columns'), 'columns');
  return Array.from({ length: count }, (_, index) => {
    const column = objectOf(list.invoke('GetAt', index + 1), 'column');
    const texts = TEXT_FACTS.map((name) => [name, column.getString(name) ?? ''] as const);
    const numbers = NUMBER_FACTS.map((name) => [name, Number(column.get(name) ?? 0)] as const);
    column.close();
    return Object.fromEntries([...texts, ...numbers]) as unknown;
  }) as BridgeColumn[];
}
