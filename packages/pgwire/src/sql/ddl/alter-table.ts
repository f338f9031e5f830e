import type { AlterTableCmd, AlterTableStmt, RenameStmt } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { identifier, raw, sql, type Sql } from '../fragment.js';
import { categoryOf } from '../pg-types.js';
import type { MirrorColumn, MirrorTable, Plan } from '../plan.js';
import { findTable, tableName } from '../query/from.js';
import { columnDefinition, declaredType, defaultValue } from './column-definition.js';
import { constraintSql, existingTable } from './constraint.js';
import { ddlPlan, type DdlStatement } from './ddl-plan.js';
import { newName } from './names.js';

/** IRIS: no constraint of that name. */
const NO_CONSTRAINT = -315;

interface Alteration {
  readonly command: AlterTableCmd;
  readonly table: MirrorTable;
  /** `ALTER TABLE "s"."t"`. */
  readonly head: Sql;
  readonly statement: AlterTableStmt;
  readonly env: Env;
}

type AlterationRule = (alteration: Alteration) => DdlStatement[];

/** Each action becomes a statement of its own: IRIS takes one kind of action at a time. */
const ACTIONS: Readonly<Record<string, AlterationRule | undefined>> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: dropColumn,
  AT_AlterColumnType: alterType,
  AT_ColumnDefault: alterDefault,
  AT_SetNotNull: (alteration) => [{ sql: sql`${alterColumn(alteration)} NOT NULL` }],
  AT_DropNotNull: (alteration) => [{ sql: sql`${alterColumn(alteration)} NULL` }],
  AT_AddConstraint: addConstraint,
  AT_DropConstraint: dropConstraint,
};

export function translateAlterTable(node: AlterTableStmt, env: Env): Plan {
  const range = node.relation;
  if (range === undefined || (node.objtype !== undefined && node.objtype !== 'OBJECT_TABLE')) {
    throw env.refuse('ALTER of something else than a table', range?.location);
  }
  const { catalog, searchPath } = env.context.input;
  const isMissing = catalog.findTable(range.schemaname, range.relname ?? '', searchPath) === undefined;
  if (isMissing && node.missing_ok === true) return ddlPlan('ALTER TABLE', [], env);
  const table = findTable(range, env);
  const head = sql`ALTER TABLE ${tableName(table)}`;
  const statements = (node.cmds ?? []).flatMap((each) => {
    const command = as(each, 'AlterTableCmd');
    const rule = ACTIONS[command?.subtype ?? ''];
    if (command === undefined || rule === undefined) {
      throw env.refuse(`ALTER TABLE ${(command?.subtype ?? '').replace('AT_', '')}`, range.location);
    }
    return rule({ command, table, head, statement: node, env });
  });
  return ddlPlan('ALTER TABLE', statements, env);
}

function columnOf({ command, table, env }: Alteration): MirrorColumn {
  const column = table.columns.find((each) => each.pgName === command.name);
  if (column !== undefined) return column;
  throw env.context.error(
    '42703',
    `column "${command.name ?? ''}" of relation "${table.pgName}" does not exist`,
  );
}

function alterColumn(alteration: Alteration): Sql {
  return sql`${alteration.head} ALTER COLUMN ${identifier(columnOf(alteration).irisName)}`;
}

/** IRIS gives a new nullable column's DEFAULT to new rows only, PostgreSQL to all. */
function addColumn({ command, table, head, statement, env }: Alteration): DdlStatement[] {
  const node = as(command.def, 'ColumnDef');
  if (node === undefined) throw env.refuse('ADD COLUMN');
  const exists = table.columns.some((each) => each.pgName === node.colname);
  if (exists && command.missing_ok === true) return [];
  const column = columnDefinition(node, env);
  if (column.isIdentity) throw env.refuse('adding a serial or identity column', node.location);
  const name = identifier(column.name);
  const fill = column.defaultValue === undefined || column.notNull ? undefined : column.defaultValue;
  const owner = { ...existingTable(statement.relation ?? {}, env) };
  return [
    { sql: sql`${head} ADD COLUMN ${column.sql}` },
    ...(fill === undefined ? [] : [{ sql: sql`UPDATE ${tableName(table)} SET ${name} = ${fill}` }]),
    ...column.keys.map((key) => ({ sql: sql`${head} ADD ${constraintSql(key, owner, [column.name], env)}` })),
  ];
}

function dropColumn(alteration: Alteration): DdlStatement[] {
  const { command, table, head } = alteration;
  const exists = table.columns.some((each) => each.pgName === command.name);
  if (!exists && command.missing_ok === true) return [];
  const cascade = raw(command.behavior === 'DROP_CASCADE' ? ' CASCADE' : '');
  return [{ sql: sql`${head} DROP COLUMN ${identifier(columnOf(alteration).irisName)}${cascade}` }];
}

/** Only changes that keep every value: IRIS converts others by its own rules, without an error. */
function alterType(alteration: Alteration): DdlStatement[] {
  const { command, env } = alteration;
  const node = as(command.def, 'ColumnDef');
  if (node?.raw_default !== undefined) throw env.refuse('USING in ALTER COLUMN TYPE', node.raw_default);
  const declared = declaredType(node?.typeName, env);
  const column = columnOf(alteration);
  const [from, to] = [column.typeOid, declared.typeOid].map((oid) => categoryOf({ oid, modifier: -1 }));
  if (from !== to || (from !== 'text' && from !== 'number')) {
    const hint = 'Add a column, copy the values with UPDATE, and drop the old one.';
    throw env.refuse('this change of type', node?.typeName?.location, hint);
  }
  return [{ sql: sql`${alterColumn(alteration)} ${raw(declared.irisDdl.replace(' COLLATE %EXACT', ''))}` }];
}

function alterDefault(alteration: Alteration): DdlStatement[] {
  const { command, env } = alteration;
  if (command.def === undefined) return [{ sql: sql`${alterColumn(alteration)} DROP DEFAULT` }];
  const column = columnOf(alteration);
  const type = {
    pgType: '',
    irisDdl: '',
    irisType: '',
    typeOid: column.typeOid,
    typeModifier: column.typeModifier,
  };
  const value = defaultValue(command.def, type, env);
  const change = value === undefined ? raw(' DROP DEFAULT') : sql` SET DEFAULT (${value})`;
  return [{ sql: sql`${alterColumn(alteration)}${change}` }];
}

function addConstraint({ command, head, statement, env }: Alteration): DdlStatement[] {
  const node = as(command.def, 'Constraint');
  if (node === undefined || statement.relation === undefined) throw env.refuse('ADD CONSTRAINT');
  if (node.skip_validation === true) throw env.refuse('NOT VALID', node.location);
  const owner = existingTable(statement.relation, env);
  return [{ sql: sql`${head} ADD ${constraintSql(node, owner, [], env)}` }];
}

function dropConstraint({ command, head }: Alteration): DdlStatement[] {
  const ignore = command.missing_ok === true ? { ignore: [NO_CONSTRAINT] } : {};
  return [{ sql: sql`${head} DROP CONSTRAINT ${identifier(command.name ?? '')}`, ...ignore }];
}

/** ALTER TABLE .. RENAME of a table or a column. */
export function translateRename(node: RenameStmt, env: Env): Plan {
  const range = node.relation;
  if (range === undefined) throw env.refuse('this RENAME');
  const { catalog, searchPath } = env.context.input;
  const isMissing = catalog.findTable(range.schemaname, range.relname ?? '', searchPath) === undefined;
  if (isMissing && node.missing_ok === true) return ddlPlan('ALTER TABLE', [], env);
  const table = findTable(range, env);
  const name = newName(node.newname ?? '', env, range.location);
  const head = sql`ALTER TABLE ${tableName(table)}`;
  if (table.kind !== 'table') throw env.refuse('renaming a view', range.location, 'Create it anew.');
  if (node.renameType === 'OBJECT_TABLE')
    return ddlPlan('ALTER TABLE', [{ sql: sql`${head} RENAME ${name}` }], env);
  if (node.renameType !== 'OBJECT_COLUMN') throw env.refuse('this RENAME', range.location);
  const column = table.columns.find((each) => each.pgName === node.subname);
  if (column === undefined) throw env.context.error('42703', `column "${node.subname ?? ''}" does not exist`);
  const change = sql`${head} ALTER COLUMN ${identifier(column.irisName)} RENAME ${name}`;
  return ddlPlan('ALTER TABLE', [{ sql: change }], env);
}
