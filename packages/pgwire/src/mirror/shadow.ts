import type { MirrorColumn, MirrorTable } from '../sql/plan.js';
import { shadowType } from './column-type.js';
import { shadowDefault } from './column-default.js';
import { TABLE_DESCRIPTION, type IdentityKind } from './declared-type.js';
import type { CatalogRow, IrisCatalogRows } from './iris-catalog.js';
import { NameSpace, columnNameSpace, toPgName, toPgSchema, type SchemaNames } from './names.js';

export interface ShadowColumn extends MirrorColumn {
  readonly pgType: string;
  readonly identity: IdentityKind | undefined;
  /** As SQL, safe to put into DDL. */
  readonly defaultSql: string | undefined;
  readonly comment: string;
}

export interface ShadowKey {
  readonly pgName: string;
  readonly columns: readonly string[];
}

export interface ShadowIndex extends ShadowKey {
  readonly isUnique: boolean;
  /** On a vector: the operators that its HNSW index serves. */
  readonly vectorOperators: string | undefined;
}

export interface ShadowForeignKey extends ShadowKey {
  readonly targetSchema: string;
  readonly targetTable: string;
  readonly targetColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** A table or view of IRIS with everything that PostgreSQL's catalog shows of it. */
export interface ShadowTable extends MirrorTable {
  readonly columns: readonly ShadowColumn[];
  /** Made through pgwire: its names have the case that PostgreSQL shall show. */
  readonly isDeclared: boolean;
  readonly primaryKeyName: string;
  readonly uniqueKeys: readonly ShadowKey[];
  readonly indexes: readonly ShadowIndex[];
  readonly foreignKeys: readonly ShadowForeignKey[];
  readonly comment: string;
}

/** IRIS compares names without case. */
function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names.map((name) => name.toUpperCase()));
}

function group(rows: readonly CatalogRow[], ...columns: readonly string[]): Map<string, CatalogRow[]> {
  const groups = new Map<string, CatalogRow[]>();
  for (const row of rows) {
    const key = keyOf(...columns.map((column) => row.text(column)));
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [row]);
    else list.push(row);
  }
  for (const list of groups.values()) {
    list.sort((a, b) => (a.number('ORDINAL_POSITION') ?? 0) - (b.number('ORDINAL_POSITION') ?? 0));
  }
  return groups;
}

interface Indexed {
  readonly columns: Map<string, CatalogRow[]>;
  readonly constraints: Map<string, CatalogRow[]>;
  readonly keyColumns: Map<string, CatalogRow[]>;
  readonly references: Map<string, CatalogRow[]>;
  readonly indexes: Map<string, CatalogRow[]>;
  readonly viewColumns: Map<string, CatalogRow[]>;
}

const REFERENTIAL_ACTIONS = new Set(['CASCADE', 'SET NULL', 'SET DEFAULT', 'NO ACTION']);

function action(text: string): string {
  const word = text.toUpperCase();
  return REFERENTIAL_ACTIONS.has(word) ? word : 'NO ACTION';
}

/** Builds one table at a time; relation names (tables and indexes) share a name space in each PostgreSQL schema. */
class ShadowBuilder {
  readonly #rows: Indexed;
  readonly #schemaNames: SchemaNames;
  readonly #relationNames = new Map<string, NameSpace>();

  constructor(rows: IrisCatalogRows, schemaNames: SchemaNames) {
    const table = ['TABLE_SCHEMA', 'TABLE_NAME'] as const;
    this.#schemaNames = schemaNames;
    this.#rows = {
      columns: group(rows.columns, ...table),
      constraints: group(rows.constraints, ...table),
      keyColumns: group(rows.keyColumns, ...table, 'CONSTRAINT_NAME'),
      references: group(rows.references, 'CONSTRAINT_SCHEMA', 'CONSTRAINT_NAME'),
      indexes: group(rows.indexes, ...table, 'INDEX_NAME'),
      viewColumns: group(rows.viewColumns, 'VIEWSCHEMA', 'VIEWNAME'),
    };
  }

  relationNames(pgSchema: string): NameSpace {
    const known = this.#relationNames.get(pgSchema);
    if (known !== undefined) return known;
    const names = new NameSpace();
    this.#relationNames.set(pgSchema, names);
    return names;
  }

  /** Without keys and indexes: their names come after those of all tables. */
  outline(row: CatalogRow): ShadowTable {
    const irisSchema = row.text('TABLE_SCHEMA');
    const irisName = row.text('TABLE_NAME');
    const pgSchema = toPgSchema(irisSchema, this.#schemaNames);
    const description = row.text('DESCRIPTION');
    const hints = this.#viewHints(irisSchema, irisName);
    const isDeclared = description === TABLE_DESCRIPTION || hints.size > 0;
    const columnNames = columnNameSpace();
    const columns = this.#rows.columns.get(keyOf(irisSchema, irisName)) ?? [];
    return {
      pgSchema,
      pgName: this.relationNames(pgSchema).claim(toPgName(irisName, isDeclared)),
      irisSchema,
      irisName,
      kind: row.text('TABLE_TYPE').toUpperCase().includes('VIEW') ? 'view' : 'table',
      columns: columns.map((column) =>
        shadowColumn(column, columnNames, hints.get(column.text('COLUMN_NAME').toUpperCase())),
      ),
      primaryKey: [],
      primaryKeyName: '',
      uniqueKeys: [],
      indexes: [],
      foreignKeys: [],
      isDeclared,
      comment: description === TABLE_DESCRIPTION ? '' : description,
    };
  }

  #viewHints(irisSchema: string, irisName: string): Map<string, string> {
    const rows = this.#rows.viewColumns.get(keyOf(irisSchema, irisName)) ?? [];
    return new Map(rows.map((row) => [row.text('COLUMNNAME').toUpperCase(), row.text('DESCRIPTION')]));
  }

  withKeys(table: ShadowTable, all: ReadonlyMap<string, ShadowTable>): ShadowTable {
    if (table.kind === 'view') return table;
    const constraints = this.#rows.constraints.get(keyOf(table.irisSchema, table.irisName)) ?? [];
    const keys = constraints.map((row) => this.#key(table, row));
    const ofType = (type: string): typeof keys =>
      keys.filter((key) => key.type === type && key.columns.length > 0);
    const [primary] = ofType('PRIMARY KEY');
    const known = new Set(keys.map(({ irisName }) => irisName.toUpperCase()));
    return {
      ...table,
      primaryKey: primary?.columns ?? [],
      primaryKeyName: primary?.pgName ?? '',
      uniqueKeys: ofType('UNIQUE'),
      foreignKeys: ofType('FOREIGN KEY').flatMap((key) => this.#foreignKey(table, key, all)),
      indexes: this.#indexes(table, known),
    };
  }

  #pgColumn(table: ShadowTable, irisName: string): string | undefined {
    return table.columns.find((column) => column.irisName.toUpperCase() === irisName.toUpperCase())?.pgName;
  }

  #key(table: ShadowTable, row: CatalogRow): ShadowKey & { irisName: string; type: string } {
    const irisName = row.text('CONSTRAINT_NAME');
    const rows = this.#rows.keyColumns.get(keyOf(table.irisSchema, table.irisName, irisName)) ?? [];
    const columns = rows.map((column) => this.#pgColumn(table, column.text('COLUMN_NAME')));
    const isWhole = columns.every((column) => column !== undefined);
    const type = row.text('CONSTRAINT_TYPE').toUpperCase();
    const pgName = toPgName(irisName, table.isDeclared);
    return {
      irisName,
      type,
      // Foreign keys are no relations, so they may share names between tables.
      pgName: type === 'FOREIGN KEY' ? pgName : this.relationNames(table.pgSchema).claim(pgName),
      columns: isWhole ? columns : [],
    };
  }

  #foreignKey(
    table: ShadowTable,
    key: ShadowKey & { irisName: string },
    all: ReadonlyMap<string, ShadowTable>,
  ): ShadowForeignKey[] {
    const rows = this.#rows.keyColumns.get(keyOf(table.irisSchema, table.irisName, key.irisName)) ?? [];
    const [first] = rows;
    const target =
      first && all.get(keyOf(first.text('REFERENCED_TABLE_SCHEMA'), first.text('REFERENCED_TABLE_NAME')));
    if (target === undefined) return [];
    // An identity column is the table's RowID, whatever name IRIS gives for it; a hidden RowID has no counterpart.
    const rowId = target.columns.find(({ isIdentity }) => isIdentity)?.pgName;
    const targetColumns = rows
      .map((row) => this.#pgColumn(target, row.text('REFERENCED_COLUMN_NAME')) ?? rowId)
      .filter((column) => column !== undefined);
    if (targetColumns.length !== key.columns.length || !this.#isUnique(target, targetColumns)) return [];
    const references = this.#rows.references.get(keyOf(table.irisSchema, key.irisName)) ?? [];
    const rules =
      references.find((row) => keyOf(row.text('CONSTRAINT_TABLE_NAME')) === keyOf(table.irisName)) ??
      references[0];
    return [
      {
        pgName: key.pgName,
        columns: key.columns,
        targetSchema: target.pgSchema,
        targetTable: target.pgName,
        targetColumns,
        onDelete: action(rules?.text('DELETE_RULE') ?? ''),
        onUpdate: action(rules?.text('UPDATE_RULE') ?? ''),
      },
    ];
  }

  /** PostgreSQL wants a key or unique constraint behind a reference. */
  #isUnique(target: ShadowTable, columns: readonly string[]): boolean {
    const constraints = this.#rows.constraints.get(keyOf(target.irisSchema, target.irisName)) ?? [];
    return constraints.some((row) => {
      if (!['PRIMARY KEY', 'UNIQUE'].includes(row.text('CONSTRAINT_TYPE').toUpperCase())) return false;
      const rows =
        this.#rows.keyColumns.get(keyOf(target.irisSchema, target.irisName, row.text('CONSTRAINT_NAME'))) ??
        [];
      const key = rows.map((column) => this.#pgColumn(target, column.text('COLUMN_NAME')));
      return key.length === columns.length && columns.every((column) => key.includes(column));
    });
  }

  /** The indexes that no constraint has made. */
  #indexes(table: ShadowTable, constraintNames: ReadonlySet<string>): ShadowIndex[] {
    const prefix = keyOf(table.irisSchema, table.irisName);
    const found: ShadowIndex[] = [];
    for (const rows of this.#rows.indexes.values()) {
      const [first] = rows;
      if (first === undefined || keyOf(first.text('TABLE_SCHEMA'), first.text('TABLE_NAME')) !== prefix)
        continue;
      const name = first.text('INDEX_NAME');
      if (first.flag('PRIMARY_KEY') || constraintNames.has(name.toUpperCase())) continue;
      const columns = rows.map((row) =>
        table.columns.find(({ irisName }) => keyOf(irisName) === keyOf(row.text('COLUMN_NAME'))),
      );
      const whole = columns.filter((column) => column !== undefined);
      if (whole.length === 0 || whole.length !== columns.length) continue;
      found.push({
        pgName: this.relationNames(table.pgSchema).claim(toPgName(name, table.isDeclared)),
        columns: whole.map((column) => column.pgName),
        isUnique: !first.flag('NON_UNIQUE'),
        vectorOperators: whole.some((column) => column.irisType === 'VECTOR')
          ? vectorOperators(first.text('PARAMETERS'))
          : undefined,
      });
    }
    return found;
  }
}

/**
 * From `Distance=DotProduct, M=16`; cosine stands for a distance that IRIS does not tell.
 * unverified on a live server: whether INDEXES shows an index's parameters
 */
function vectorOperators(parameters: string): string {
  const [, distance = 'Cosine'] = /\bDistance\s*=\s*'?(\w+)/i.exec(parameters) ?? [];
  return distance.toLowerCase() === 'dotproduct' ? 'vector_ip_ops' : 'vector_cosine_ops';
}

function shadowColumn(row: CatalogRow, names: NameSpace, viewHint?: string): ShadowColumn {
  const irisName = row.text('COLUMN_NAME');
  const type = shadowType(row, viewHint);
  const isText = type.irisType === 'VARCHAR';
  const declaredCollation = row
    .text('COLLATION_NAME')
    .replace(/^%?(?=.)/, '%')
    .toUpperCase();
  return {
    ...type,
    pgName: names.claim(toPgName(irisName, type.isDeclared)),
    irisName,
    nullable: row.flag('IS_NULLABLE'),
    isIdentity: type.identity !== undefined,
    // Our own text columns are created with COLLATE %EXACT; IRIS's default is %SQLUPPER.
    collation:
      declaredCollation !== '' ? declaredCollation : !isText || type.isDeclared ? '%EXACT' : '%SQLUPPER',
    defaultSql: type.identity === undefined ? shadowDefault(row.text('COLUMN_DEFAULT'), type) : undefined,
    comment: type.isDeclared ? '' : row.text('DESCRIPTION'),
  };
}

/** IRIS's catalog as PostgreSQL tables, keyed by IRIS schema and name. Pure: the same rows give the same shadow. */
export function buildShadow(rows: IrisCatalogRows, schemaNames: SchemaNames): Map<string, ShadowTable> {
  const builder = new ShadowBuilder(rows, schemaNames);
  const outlines = new Map<string, ShadowTable>();
  const visible = rows.tables.filter((row) => !row.text('TABLE_TYPE').toUpperCase().startsWith('SYSTEM'));
  const byName = [...visible].sort((a, b) => compare(a.text('TABLE_NAME'), b.text('TABLE_NAME')));
  for (const row of byName)
    outlines.set(keyOf(row.text('TABLE_SCHEMA'), row.text('TABLE_NAME')), builder.outline(row));
  return new Map([...outlines].map(([key, table]) => [key, builder.withKeys(table, outlines)]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
