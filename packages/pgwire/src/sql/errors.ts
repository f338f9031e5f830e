import { isIrisError, sqlstateOf, type IrisError, type IrisErrorCode } from '@iris-devtools/core';
import { PgError, type PgErrorFields } from '../pg-error.js';
import type { Guard } from './context.js';

export interface ErrorContext {
  /** Checks that the translated SQL makes by failing with SQLCODE -140. */
  readonly guards?: ReadonlySet<Guard>;
}

/** SQLSTATE for each error that did not come from an SQL statement; `IRIS_SQL` goes by its SQLCODE. */
const SQLSTATE_OF_CODE: Readonly<Record<IrisErrorCode, string>> = {
  IRIS_SQL: 'XX000',
  IRIS_LOGIN_REFUSED: '08004',
  IRIS_PASSWORD_EXPIRED: '08004',
  IRIS_CONNECT_FAILED: '08001',
  IRIS_CONNECTION_LOST: '08006',
  IRIS_CONNECTION_CLOSED: '08003',
  IRIS_TIMEOUT: '57014',
  IRIS_ABORTED: '57014',
  IRIS_PROTOCOL: '08P01',
  IRIS_LIMIT: '54000',
  IRIS_UNSUPPORTED: '0A000',
  IRIS_OPTION: '22023',
  IRIS_STATE: '55000',
  IRIS_VALUE: '22000',
  IRIS_COMMAND_FAILED: '38000',
  IRIS_NATIVE: '38000',
  IRIS_IO: '58030',
  IRIS_POOL: '53300',
  IRIS_DEPLOY: 'XX000',
  IRIS_VALIDATION: '22000',
};

const MESSAGE_OF_CODE: Partial<Record<IrisErrorCode, string>> = {
  IRIS_TIMEOUT: 'canceling statement due to statement timeout',
  IRIS_ABORTED: 'canceling statement due to user request',
};

/** Any error of a plan as the PostgreSQL client will see it. Total: what is unknown becomes XX000. */
export function toPgError(error: unknown, context: ErrorContext = {}): PgError {
  if (error instanceof PgError) return error;
  if (!isIrisError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return new PgError({ sqlstate: 'XX000', message: `internal error: ${message}` }, error);
  }
  const fields =
    error.sqlcode === undefined ? fieldsOfCode(error) : fieldsOfSqlcode(error, error.sqlcode, context);
  return new PgError({ hint: error.hint, ...fields }, error);
}

function fieldsOfCode(error: IrisError): PgErrorFields {
  const known = SQLSTATE_OF_CODE[error.code] as string | undefined;
  return {
    sqlstate: known ?? 'XX000',
    message: MESSAGE_OF_CODE[error.code] ?? error.message,
    ...(MESSAGE_OF_CODE[error.code] === undefined ? {} : { detail: error.message }),
  };
}

/** IRIS's own text about the failed statement. */
function messageOf(error: IrisError): string {
  const { msg } = error.details;
  if (typeof msg === 'string') return msg.trim();
  return /\[%msg: <([\s\S]*)>\]/.exec(error.message)?.[1]?.trim() ?? error.message;
}

function fieldsOfSqlcode(error: IrisError, sqlcode: number, context: ErrorContext): PgErrorFields {
  const msg = messageOf(error);
  const detail = `IRIS: ${error.message}`;
  const specific = SPECIFIC.get(sqlcode)?.(msg, context);
  const sqlstate = specific?.sqlstate ?? sqlstateOf(sqlcode) ?? 'XX000';
  return { message: msg === '' ? error.message : msg, detail, ...specific, sqlstate };
}

type Refinement = (msg: string, context: ErrorContext) => Partial<PgErrorFields> | undefined;

/** `Table 'SQLUser.T', Constraint 'T_PKEY2', Field(s) id=1; failed unique check` */
const unique: Refinement = (msg) => {
  const table = /Table '([^']+)'/.exec(msg)?.[1];
  const named = /Constraint '([^']+)'/.exec(msg)?.[1];
  // The row id of a table with an identity column; its primary key is over the same column.
  const constraint =
    named === 'IDKEY' && table !== undefined ? `${table.split('.').at(-1) ?? ''}_pkey` : named;
  const single = /Field\(s\) (\w+)=([^,;]*); failed/.exec(msg);
  const key = single === null || named === 'IDKEY' ? undefined : single;
  return {
    sqlstate: '23505',
    message: `duplicate key value violates unique constraint${constraint === undefined ? '' : ` "${constraint}"`}`,
    detail: key === undefined ? msg : `Key (${key[1] ?? ''})=(${key[2] ?? ''}) already exists.`,
    ...tableFields(table),
    ...(constraint === undefined ? {} : { constraint }),
  };
};

/** `'name' in table 'SQLUser.T' is a required field` */
const required: Refinement = (msg) => {
  const match = /'([^']+)' in table '([^']+)'/.exec(msg);
  if (match === null) return { sqlstate: '23502' };
  const [, column = '', table = ''] = match;
  const name = table.split('.').at(-1) ?? table;
  return {
    sqlstate: '23502',
    message: `null value in column "${column}" of relation "${name}" violates not-null constraint`,
    detail: msg,
    column,
    ...tableFields(table),
  };
};

const foreignKey: Refinement = (msg) => {
  const constraint = /(?:Constraint|Foreign Key(?: Constraint)?|NamedForeignKey)\s*'([^']+)'/i.exec(msg)?.[1];
  const table = /(?:Table|in table) '([^']+)'/i.exec(msg)?.[1];
  return {
    sqlstate: '23503',
    ...tableFields(table),
    ...(constraint === undefined ? {} : { constraint }),
  };
};

/** `Field 'SQLUser.T.b' (value 'xyz') failed validation` */
const validation: Refinement = (msg) => {
  const path = /Field '([^']+)'/.exec(msg)?.[1]?.split('.') ?? [];
  const column = path.at(-1);
  const sqlstate = validationState(msg);
  const length = /MAXLEN allowed of (\d+)/.exec(msg)?.[1];
  const tooLong = sqlstate === '22001' && length !== undefined;
  return {
    sqlstate,
    ...(tooLong ? { message: `value too long for type character varying(${length})` } : {}),
    ...(column === undefined ? {} : { column }),
    ...tableFields(path.length > 1 ? path.slice(0, -1).join('.') : undefined),
  };
};

function validationState(msg: string): string {
  if (/MAXLEN|length longer|too long|truncat/i.test(msg)) return '22001';
  if (/MINVAL|MAXVAL|greater than|less than|out of range/i.test(msg)) return '22003';
  return /not a valid|datatype|invalid/i.test(msg) ? '22P02' : '22000';
}

function tableFields(path: string | undefined): Partial<PgErrorFields> {
  if (path === undefined) return {};
  const [table, schema] = path.split('.').reverse();
  return { table, ...(schema === undefined ? {} : { schema: schema === 'SQLUser' ? 'public' : schema }) };
}

/** What a check inside the translated SQL found. */
const GUARDS: Readonly<Record<Guard, PgErrorFields>> = {
  cardinality: {
    sqlstate: '21000',
    message: 'more than one row returned by a subquery used as an expression',
  },
  cast: { sqlstate: '22P02', message: 'a value cannot be cast to the type that the statement asks for' },
  range: { sqlstate: '22003', message: 'value out of range for the type that the statement asks for' },
};

const guard: Refinement = (_msg, { guards }) => {
  const [first, ...others] = guards ?? [];
  if (first === undefined) return { sqlstate: '22011', message: 'negative substring length not allowed' };
  if (others.length === 0) return GUARDS[first];
  const possible = [first, ...others].map((each) => GUARDS[each].message).join('; or ');
  return { sqlstate: GUARDS[first].sqlstate, message: possible };
};

const MARKED: readonly (readonly [RegExp, Partial<PgErrorFields>])[] = [
  [/<DIVIDE>/, { sqlstate: '22012', message: 'division by zero' }],
  [/<ILLEGAL VALUE>|<VALUE OUT OF RANGE>/, { sqlstate: '22008' }],
  [/<SUBSCRIPT>/, { sqlstate: '54000' }],
  [/<MAXSTRING>|<MAXNUMBER>/, { sqlstate: '54000' }],
  [/<LIST>/, { sqlstate: '22023' }],
  [/<PROTECT>/, { sqlstate: '42501' }],
  [/#5480/, { sqlstate: '22023' }],
  [/#5053/, { sqlstate: '42602' }],
  [/#5281/, { sqlstate: '42P16' }],
  [/#5320/, { sqlstate: '42601' }],
];

const fatal: Refinement = (msg) => MARKED.find(([mark]) => mark.test(msg))?.[1];

/** Codes whose message says more than the code. */
const SPECIFIC: ReadonlyMap<number, Refinement> = new Map<number, Refinement>([
  [-104, validation],
  [-105, validation],
  [-108, required],
  [-119, unique],
  [-120, unique],
  [-121, foreignKey],
  [-122, foreignKey],
  [-123, foreignKey],
  [-124, foreignKey],
  [-125, unique],
  [-127, foreignKey],
  [-140, guard],
  [-400, fatal],
  [-450, () => ({ sqlstate: '57014', message: 'canceling statement due to statement timeout' })],
  [-456, () => ({ sqlstate: '57014', message: 'canceling statement due to user request' })],
]);
