import { sqlError } from '@iris-devtools/core';
import type { ColumnDefinition } from '../sql/ast.js';
import { resolveType } from '../sql/type-names.js';
import type { IrisType } from '../sql/types.js';
import { propertyName } from './ddl.js';
import type { ColumnDef, Generation } from './model.js';

const BIGINT: IrisType = { name: 'BIGINT', className: '%Library.BigInt' };

/** A column as declared. @throws IrisError -86 no type, -400 unknown type */
export function columnFrom(
  definition: ColumnDefinition,
  id: number,
  others: readonly ColumnDef[],
): ColumnDef {
  const type = definition.type === undefined ? undeclared(definition) : resolveType(definition.type);
  const generation = generationOf(definition, type);
  const { defaultValue, onUpdate, collation, collationLength, description, computed } = definition;
  const primary = definition.constraints.some((constraint) => constraint.kind === 'primary-key');
  return {
    id,
    name: definition.name.name,
    property: propertyName(
      definition.name.name,
      others.map((column) => column.property),
    ),
    type: definition.autoIncrement && type.name === 'INTEGER' ? BIGINT : type,
    notNull: definition.nullable === false || primary || generation === 'identity',
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(generation === undefined ? {} : { generation }),
    ...(collation === undefined ? {} : { collation }),
    ...(collationLength === undefined ? {} : { collationLength }),
    ...(description === undefined ? {} : { description }),
    ...(computed === undefined
      ? {}
      : { computed: { code: computed.code, mode: computed.mode, onChange: computed.onChange } }),
    ...(definition.private ? { private: true } : {}),
  };
}

function undeclared(definition: ColumnDefinition): IrisType {
  if (definition.identity || definition.autoIncrement) return BIGINT;
  throw sqlError(-86, ` Invalid field definition, no datatype defined for '${definition.name.name}'`);
}

function generationOf(definition: ColumnDefinition, type: IrisType): Generation | undefined {
  if (definition.identity) return 'identity';
  if (definition.autoIncrement) return 'auto-increment';
  if (type.counter === 'SERIAL') return 'serial';
  return type.counter === 'ROWVERSION' ? 'rowversion' : undefined;
}

/** @throws IrisError -306 two columns of one name, -308 or -400 a second identity */
export function checkColumns(columns: readonly ColumnDef[]): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    const key = name.toUpperCase();
    if (seen.has(key)) throw sqlError(-306, ` Column with name '${name}' already exists`);
    seen.add(key);
  }
  for (const { computed } of columns) {
    const unknown = computed?.onChange?.find(
      (name) => !name.startsWith('%%') && !seen.has(name.toUpperCase()),
    );
    if (unknown !== undefined)
      throw sqlError(-31, ` Field '${unknown}' of COMPUTEONCHANGE not found in table`);
  }
  const identities = columns.filter((column) => column.generation === 'identity');
  if (identities.length > 1) throw sqlError(-308, ' Identity column already defined for this table');
}

/** The RowID is called ID unless a column has that name. */
export function rowIdNameFor(columns: readonly ColumnDef[]): string {
  const taken = new Set(columns.map((column) => column.name.toUpperCase()));
  for (let index = 0; ; index++) {
    const name = index === 0 ? 'ID' : `ID${index}`;
    if (!taken.has(name)) return name;
  }
}
