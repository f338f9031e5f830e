import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { loadModule, parseSync } from 'libpg-query';
import type { MirrorCatalog, MirrorColumn, MirrorTable, Plan } from '../../../src/sql/plan.js';
import type { Description } from '../../../src/oracle/oracle.js';
import { translate } from '../../../src/sql/translate.js';

const IRIS_TYPES: Readonly<Record<string, string | undefined>> = {
  bool: 'BIT',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  float4: 'DOUBLE',
  float8: 'DOUBLE',
  numeric: 'NUMERIC',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP',
  bytea: 'VARBINARY',
  vector: 'VECTOR',
};

interface CatalogRow {
  readonly schema: string;
  readonly table: string;
  readonly kind: string;
  readonly column: string;
  readonly typeoid: number;
  readonly typename: string;
  readonly typmod: number;
  readonly notnull: boolean;
  readonly identity: boolean;
  readonly key: boolean;
}

const CATALOG = `
  select n.nspname as schema, c.relname as table, c.relkind as kind, a.attname as column, a.atttypid::int as typeoid,
         t.typname as typename, a.atttypmod as typmod, a.attnotnull as notnull,
         (a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid), '') like 'nextval%') as identity,
         coalesce(i.indisprimary, false) as key
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  left join pg_index i on i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)
  where c.relkind in ('r', 'v') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  order by c.oid, a.attnum`;

export interface JudgeRows {
  readonly rows: readonly (readonly unknown[])[];
  readonly affectedRows: number | undefined;
  readonly types: readonly number[];
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly sqlstate?: string };
}

/** An error of PostgreSQL, with its SQLSTATE. */
export class JudgeError extends Error {
  readonly sqlstate: string | undefined;

  constructor(message: string, sqlstate: string | undefined) {
    super(message);
    this.sqlstate = sqlstate;
  }
}

/** PostgreSQL itself: it types the statements, and its answers are the right ones. */
export class Judge {
  private readonly worker = new Worker(path.join(__dirname, 'judge-worker.cjs'));
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private calls = 0;
  private catalogVersion = 0;

  private constructor() {
    this.worker.on('message', (reply: Reply) => {
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
  }

  static async start(schema = ''): Promise<Judge> {
    await loadModule();
    const judge = new Judge();
    await judge.exec(`create extension vector; ${schema}`);
    return judge;
  }

  async close(): Promise<void> {
    await this.call('close');
    await this.worker.terminate();
  }

  async exec(sql: string): Promise<void> {
    await this.call('exec', sql);
  }

  /** Values as PostgreSQL prints them. */
  async query(sql: string, parameters: readonly unknown[] = []): Promise<JudgeRows> {
    return (await this.call('query', sql, parameters, true)) as JudgeRows;
  }

  private async call(method: string, ...args: unknown[]): Promise<unknown> {
    const id = ++this.calls;
    const reply = await new Promise<Reply>((resolve) => {
      this.waiting.set(id, resolve);
      this.worker.postMessage({ id, method, args });
    });
    if (reply.error !== undefined) throw new JudgeError(reply.error.message, reply.error.sqlstate);
    return reply.value;
  }

  /** The mirror of the judge's own tables; `inexact` columns are compared without case in IRIS. */
  async catalog(inexact: readonly string[] = []): Promise<MirrorCatalog> {
    const { rows } = (await this.call('query', CATALOG, [], false)) as JudgeRows;
    const tables = new Map<string, MirrorTable>();
    for (const cells of rows) {
      const row = catalogRow(cells);
      const key = `${row.schema}.${row.table}`;
      const table = tables.get(key) ?? emptyTable(row);
      const primaryKey = row.key ? [...table.primaryKey, row.column] : table.primaryKey;
      tables.set(key, { ...table, primaryKey, columns: [...table.columns, columnOf(row, inexact)] });
    }
    return {
      version: ++this.catalogVersion,
      findTable: (schema, name, searchPath) => {
        const schemas = schema === undefined ? searchPath : [schema];
        return schemas.map((each) => tables.get(`${each}.${name}`)).find((each) => each !== undefined);
      },
      irisSchema: (schema) => (schema === 'public' ? 'SQLUser' : schema),
    };
  }

  async translate(sql: string, options: TranslateOptions = {}): Promise<Plan> {
    const parsed = parseSync(sql) as { readonly stmts: readonly { readonly stmt: unknown }[] };
    const description = options.describe === false ? NO_DESCRIPTION : await this.describe(sql);
    return translate({
      sql,
      node: parsed.stmts[0]?.stmt,
      description,
      catalog: await this.catalog(options.inexact),
      searchPath: ['public'],
      settings: new Map([['TimeZone', options.timeZone ?? 'UTC']]),
    });
  }

  /** OIDs of the columns that a statement gives. */
  async typesOf(sql: string): Promise<readonly number[]> {
    const { fields } = await this.describe(sql);
    return (fields ?? []).map((each) => each.typeOid);
  }

  private async describe(sql: string): Promise<Description> {
    const described = (await this.call('describe', sql)) as Described;
    return {
      parameterOids: described.parameterOids,
      fields: described.fields.map(({ name, typeOid }) => ({
        name,
        tableOid: 0,
        columnAttribute: 0,
        typeOid,
        typeSize: -1,
        typeModifier: -1,
      })),
    };
  }
}

interface Described {
  readonly parameterOids: readonly number[];
  readonly fields: readonly { readonly name: string; readonly typeOid: number }[];
}

function catalogRow(cells: readonly unknown[]): CatalogRow {
  const names = 'schema,table,kind,column,typeoid,typename,typmod,notnull,identity,key'.split(',');
  return Object.fromEntries(names.map((name, index) => [name, cells[index]])) as unknown as CatalogRow;
}

export interface TranslateOptions {
  readonly inexact?: readonly string[];
  readonly timeZone?: string;
  /** `false` for statements that PostgreSQL does not describe (DDL). */
  readonly describe?: boolean;
}

const NO_DESCRIPTION: Description = { parameterOids: [], fields: null };

function emptyTable(row: CatalogRow): MirrorTable {
  return {
    pgSchema: row.schema,
    pgName: row.table,
    irisSchema: row.schema === 'public' ? 'SQLUser' : row.schema,
    irisName: row.table,
    kind: row.kind === 'v' ? 'view' : 'table',
    columns: [],
    primaryKey: [],
  };
}

function columnOf(row: CatalogRow, inexact: readonly string[]): MirrorColumn {
  const irisType = IRIS_TYPES[row.typename] ?? 'VARCHAR';
  return {
    pgName: row.column,
    irisName: row.column,
    typeOid: row.typeoid,
    typeModifier: row.typmod,
    irisType,
    nullable: !row.notnull,
    isIdentity: row.identity,
    collation: inexact.includes(row.column) ? '%SQLUPPER' : '%EXACT',
    ...(irisType === 'VECTOR' ? { vectorType: 'DOUBLE', vectorLength: row.typmod } : {}),
  };
}
