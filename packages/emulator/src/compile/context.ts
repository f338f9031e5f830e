import { sqlError } from '@iris-devtools/core';
import type { Catalog } from '../catalog/catalog.js';
import { DEFAULT_SCHEMA } from '../catalog/model.js';
import type { Relation, TableDef } from '../catalog/model.js';
import type { QualifiedName } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import type { OutputColumn } from './output.js';
import type { Typed } from './typed.js';
import { UNKNOWN } from './types.js';

/** What is known about a parameter's value while compiling; `unknown` at prepare. */
export type ParameterKind =
  'unknown' | 'null' | 'integer' | 'integer-text' | 'decimal' | 'double' | 'string' | 'bytes';

/** Facts of the session that compiled text depends on. */
export interface SessionFacts {
  readonly user: string;
  readonly namespace: string;
  readonly defaultSchema: string;
  /** FastDistinct: GROUP BY and DISTINCT give back collated values. */
  readonly fastDistinct: boolean;
}

/** A value that only the session knows; bound after the client's parameters. */
export type SessionParameter =
  | {
      readonly kind: 'fact';
      readonly name: string;
      readonly argument?: string;
      /** The argument is the value of this parameter. */
      readonly argumentIndex?: number;
    }
  | { readonly kind: 'constant'; readonly value: string | null };

export interface PrivilegeNeed {
  readonly action: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'REFERENCES' | '%ALTER';
  readonly relation: Relation;
  /** Upper-case names of the columns that are used; a right to these is enough. */
  readonly columns: Set<string>;
  /** Nothing is needed as long as there are no columns. */
  readonly onlyForColumns?: boolean;
}

interface CommonTableEntry {
  readonly sqlName: string;
  readonly columns: readonly OutputColumn[];
}

/** State of compiling one statement. */
export class CompileContext {
  readonly catalog: Catalog;
  readonly session: SessionFacts;
  readonly #kinds: readonly ParameterKind[];
  readonly #parameterTypes: IrisType[];
  readonly sessionParameters: SessionParameter[] = [];
  readonly privileges: PrivilegeNeed[] = [];
  readonly relations = new Set<Relation>();
  /** System tables that must be filled before the statement runs. */
  readonly systemTables = new Set<TableDef>();
  /** Texts of WITH, in order. */
  readonly withTexts: string[] = [];
  readonly #common = new Map<string, CommonTableEntry>();
  readonly #views = new Map<number, CommonTableEntry>();
  /** `:name` variables of a routine body, as values. */
  readonly hostVariables: ReadonlyMap<string, { readonly type: IrisType; readonly value: string | null }>;
  #serial = 0;
  /** View texts may not hold parameters. */
  insideView = 0;
  /** `:name` in the body of a function that is compiled into the statement. */
  locals: ReadonlyMap<string, Typed> | undefined;
  /** How many function bodies are around what is compiled now. */
  functionDepth = 0;
  /** Upper-case names of the columns that the user may not insert into: they are left out. */
  readonly closedColumns: ReadonlySet<string>;

  constructor(options: {
    readonly catalog: Catalog;
    readonly session: SessionFacts;
    readonly parameterCount: number;
    readonly kinds: readonly ParameterKind[];
    readonly hostVariables?: ReadonlyMap<string, { readonly type: IrisType; readonly value: string | null }>;
    readonly closedColumns?: ReadonlySet<string>;
  }) {
    this.catalog = options.catalog;
    this.session = options.session;
    this.#kinds = options.kinds;
    this.#parameterTypes = Array.from({ length: options.parameterCount }, () => UNKNOWN);
    this.hostVariables = options.hostVariables ?? new Map();
    this.closedColumns = options.closedColumns ?? new Set();
  }

  alias(prefix: string): string {
    return `${prefix}${++this.#serial}`;
  }

  parameterKind(index: number | undefined): ParameterKind {
    return (index === undefined ? undefined : this.#kinds[index]) ?? 'unknown';
  }

  /** The type that a parameter meets; the first one stays. */
  learnParameter(index: number | undefined, type: IrisType): void {
    if (index !== undefined && this.#parameterTypes[index]?.name === 'UNKNOWN')
      this.#parameterTypes[index] = type;
  }

  get parameterTypes(): readonly IrisType[] {
    return this.#parameterTypes;
  }

  /** A value from the session, as text. */
  sessionValue(parameter: SessionParameter): string {
    this.sessionParameters.push(parameter);
    return `$${this.#parameterTypes.length + this.sessionParameters.length}`;
  }

  commonTable(name: string): CommonTableEntry | undefined {
    return this.#common.get(name.toUpperCase());
  }

  defineCommonTable(name: string, sql: string, columns: readonly OutputColumn[]): void {
    const sqlName = this.alias('w');
    this.withTexts.push(`${sqlName} AS (${sql})`);
    this.#common.set(name.toUpperCase(), { sqlName, columns });
  }

  /** Each view is compiled once per statement, however often it is named. */
  viewTable(id: number, compile: () => { sql: string; columns: readonly OutputColumn[] }): CommonTableEntry {
    const known = this.#views.get(id);
    if (known !== undefined) return known;
    const { sql, columns } = compile();
    const entry = { sqlName: this.alias('w'), columns };
    this.withTexts.push(`${entry.sqlName} AS (${sql})`);
    this.#views.set(id, entry);
    return entry;
  }

  /** @throws IrisError -30, or -1 for schema User */
  relation(name: QualifiedName): Relation {
    const schema = name.schema?.name ?? this.session.defaultSchema;
    const found = this.catalog.relation(this.session.namespace, schema, name.name.name);
    if (found === undefined) {
      throw sqlError(-30, ` Table '${schema.toUpperCase()}.${name.name.name.toUpperCase()}' not found`);
    }
    this.relations.add(found);
    return found;
  }

  /** Columns are to be added as they are met. */
  need(action: PrivilegeNeed['action'], relation: Relation, onlyForColumns = false): PrivilegeNeed {
    const need: PrivilegeNeed = { action, relation, columns: new Set(), onlyForColumns };
    // A view gives its owner's rights to those who may use the view.
    if (this.insideView === 0) this.privileges.push(need);
    return need;
  }

  get defaultSchema(): string {
    return this.session.defaultSchema || DEFAULT_SCHEMA;
  }
}
