import { CompileContext } from '../compile/context.js';
import { defaultValue } from '../compile/insert.js';
import type { DdlContext } from './ddl.js';
import type { ColumnDef, TableDef } from './model.js';
import { counterSequence, physicalColumn, physicalTable } from './model.js';

/**
 * Values of a new column in rows that exist: AUTO_INCREMENT counts, NOT NULL DEFAULT fills, a nullable column with a default
 * stays NULL.
 */
export function backfillText(table: TableDef, column: ColumnDef, context: DdlContext): string[] {
  const value = fillValue(table, column, context);
  if (value === undefined) return [];
  const name = physicalColumn(column);
  return [
    `UPDATE ${physicalTable(table)} SET ${name} = ${value}`,
    // Rows that a transaction under way would bring back need the value, too.
    `UPDATE iris_sys.undo SET image = image || jsonb_build_object('${name}', ${value})
       WHERE tab = '${physicalTable(table)}'::regclass AND image IS NOT NULL`,
  ];
}

function fillValue(table: TableDef, column: ColumnDef, context: DdlContext): string | undefined {
  switch (column.generation) {
    // SERIAL and ROWVERSION get their values by INSERT and UPDATE only.
    case 'identity':
    case 'serial':
    case 'rowversion':
      return undefined;
    case 'auto-increment':
      return `nextval('${counterSequence(table, column)}')`;
    default: {
      if (!column.notNull || column.defaultValue?.kind !== 'expression') return undefined;
      const compiling = new CompileContext({
        catalog: context.catalog,
        session: {
          user: context.user,
          namespace: context.namespace,
          defaultSchema: context.defaultSchema,
          fastDistinct: true,
        },
        parameterCount: 0,
        kinds: [],
      });
      return withoutParameters(defaultValue(column, table, compiling), compiling, context);
    }
  }
}

/** DEFAULT USER and the like: the user who runs the DDL. */
function withoutParameters(
  text: string | undefined,
  compiling: CompileContext,
  context: DdlContext,
): string | undefined {
  if (text === undefined || compiling.sessionParameters.length === 0) return text;
  return text.replace(/\$1\b/, `'${context.user.replaceAll("'", "''")}'`);
}
