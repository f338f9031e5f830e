import { sqlError } from '@iris-devtools/core';
import type { Column } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { ParameterKind, PrivilegeNeed, SessionFacts, SessionParameter } from '../compile/context.js';
import { compileInsert } from '../compile/insert.js';
import type { CompiledChange } from '../compile/insert.js';
import type { CompiledQuery, OutputColumn } from '../compile/output.js';
import { compileQuery } from '../compile/query.js';
import { compileDelete, compileUpdate } from '../compile/update.js';
import type { Catalog } from '../catalog/catalog.js';
import type { TableDef } from '../catalog/model.js';
import type { ParsedStatement, Statement } from '../sql/ast.js';
import type { ParameterDescription, PreparedSql, ProcedureDescription } from './engine.js';
import { describeColumn, describeParameter } from './output-values.js';

/** A statement in PostgreSQL text for one combination of parameter kinds. */
export interface CompiledStatement {
  readonly sql: string;
  readonly outputs: readonly OutputColumn[];
  readonly sessionParameters: readonly SessionParameter[];
  readonly privileges: readonly PrivilegeNeed[];
  readonly systemTables: readonly TableDef[];
  readonly change?: CompiledChange;
}

type Compilable = Extract<Statement, { kind: 'select-statement' | 'insert' | 'update' | 'delete' }>;

export const isCompilable = (statement: Statement): statement is Compilable =>
  ['select-statement', 'insert', 'update', 'delete'].includes(statement.kind);

/** How many variants of one statement are kept; drivers seldom send more than two. */
const MAX_VARIANTS = 16;

/** A parsed statement with its compiled variants. */
export class Prepared implements PreparedSql {
  readonly sql: string;
  kind: PreparedSql['kind'];
  readonly parsed: ParsedStatement;
  columns: readonly Column[] = [];
  parameters: readonly ParameterDescription[] = [];
  procedure?: ProcedureDescription;
  readonly #variants = new Map<string, CompiledStatement>();
  #compiledFor = '';

  constructor(sql: string, parsed: ParsedStatement) {
    this.sql = sql;
    this.parsed = parsed;
    this.kind = kindOf(parsed.statement);
    this.parameters = Array.from({ length: parsed.parameterCount }, () => UNKNOWN_PARAMETER);
  }

  /** Compiles for values of these kinds; kept until the catalog or the session's facts change. */
  compile(
    catalog: Catalog,
    session: SessionFacts,
    kinds: readonly ParameterKind[],
    closedColumns?: ReadonlySet<string>,
  ): CompiledStatement {
    const { statement, parameterCount } = this.parsed;
    if (!isCompilable(statement)) throw sqlError(-400, `'${statement.kind}' is not compiled`);
    if (closedColumns !== undefined) {
      const context = new CompileContext({ catalog, session, parameterCount, kinds, closedColumns });
      return compileStatement(statement, context);
    }
    const state = [catalog.version, session.namespace, session.defaultSchema, session.fastDistinct].join(
      '\0',
    );
    if (state !== this.#compiledFor) {
      this.#variants.clear();
      this.#compiledFor = state;
    }
    const key = kinds.join();
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const context = new CompileContext({
      catalog,
      session,
      parameterCount,
      kinds,
    });
    const compiled = compileStatement(statement, context);
    if (this.#variants.size >= MAX_VARIANTS) this.#variants.clear();
    this.#variants.set(key, compiled);
    return compiled;
  }

  /** Checks names and types, and describes columns and parameters. */
  describe(catalog: Catalog, session: SessionFacts): void {
    const { statement, parameterCount } = this.parsed;
    if (!isCompilable(statement)) return;
    const kinds = Array.from({ length: parameterCount }, (): ParameterKind => 'unknown');
    const context = new CompileContext({ catalog, session, parameterCount, kinds });
    const compiled = compileStatement(statement, context);
    this.columns = compiled.outputs.map((output) => describeColumn(output, session.namespace));
    this.parameters = context.parameterTypes.map(describeParameter);
  }
}

const UNKNOWN_PARAMETER: ParameterDescription = {
  typeCode: 12,
  precision: 4096,
  scale: 0,
  nullable: undefined,
};

function kindOf(statement: Statement): PreparedSql['kind'] {
  switch (statement.kind) {
    case 'select-statement':
    case 'explain':
      return 'query';
    case 'insert':
    case 'update':
    case 'delete':
      return 'update';
    default:
      return 'other';
  }
}

/** One of the statements that become one statement of PostgreSQL. */
export function compileStatement(statement: Compilable, context: CompileContext): CompiledStatement {
  if (statement.kind === 'select-statement') {
    const query = compileQuery(statement.query, context, undefined);
    return finish(shown(query), query.columns, context);
  }
  const change =
    statement.kind === 'insert'
      ? compileInsert(statement, context)
      : statement.kind === 'update'
        ? compileUpdate(statement, context)
        : compileDelete(statement, context);
  return { ...finish(change.sql, [], context), change };
}

/** Lists leave the server as comma separated text. */
function shown(query: CompiledQuery): string {
  if (!query.columns.some((column) => column.type.name === 'LIST')) return query.sql;
  const items = query.columns.map(({ sqlName, type }) =>
    type.name === 'LIST' ? `iris.list_to_string(f.${sqlName}, ',')` : `f.${sqlName}`,
  );
  return `SELECT ${items.join(', ')} FROM (${query.sql}) AS f`;
}

function finish(sql: string, outputs: readonly OutputColumn[], context: CompileContext): CompiledStatement {
  return {
    sql: withClause(sql, context.withTexts),
    outputs,
    sessionParameters: context.sessionParameters,
    privileges: context.privileges,
    systemTables: [...context.systemTables],
  };
}

function withClause(sql: string, texts: readonly string[]): string {
  if (texts.length === 0) return sql;
  // INSERT OR UPDATE begins with a WITH of its own.
  return sql.startsWith('WITH ')
    ? `WITH ${texts.join(', ')}, ${sql.slice(5)}`
    : `WITH ${texts.join(', ')} ${sql}`;
}
