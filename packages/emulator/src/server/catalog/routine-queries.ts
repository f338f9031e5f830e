import type { RequestOf } from '@iris-devtools/protocol';
import { Conditions, nothing } from './catalog-sql.js';
import type { CatalogQuery } from './catalog-sql.js';

export function procedures({ procedure, schema }: RequestOf<'CatalogProcedures'>): CatalogQuery {
  return new Conditions("ROUTINE_TYPE = 'PROCEDURE'")
    .like('ROUTINE_SCHEMA', schema)
    .like('ROUTINE_NAME', procedure)
    .query(
      `SELECT ${nothing('PROCEDURE_CAT')}, ROUTINE_SCHEMA AS PROCEDURE_SCHEM, ROUTINE_NAME AS PROCEDURE_NAME, ` +
        `${nothing('RESERVED1')}, ${nothing('RESERVED2')}, ${nothing('RESERVED3')}, DESCRIPTION AS REMARKS, ` +
        `CAST(CASE WHEN DATA_TYPE IS NULL THEN 1 ELSE 2 END AS SMALLINT) AS PROCEDURE_TYPE, ` +
        'SPECIFIC_NAME FROM INFORMATION_SCHEMA.ROUTINES',
      '2, 3',
    );
}

export function functions({ procedure, schema }: RequestOf<'CatalogFunctions'>): CatalogQuery {
  return new Conditions("ROUTINE_TYPE = 'FUNCTION'")
    .like('ROUTINE_SCHEMA', schema)
    .like('ROUTINE_NAME', procedure)
    .query(
      `SELECT ${nothing('FUNCTION_CAT')}, ROUTINE_SCHEMA AS FUNCTION_SCHEM, ROUTINE_NAME AS FUNCTION_NAME, ` +
        `DESCRIPTION AS REMARKS, CAST(1 AS SMALLINT) AS FUNCTION_TYPE, SPECIFIC_NAME ` +
        'FROM INFORMATION_SCHEMA.ROUTINES',
      '2, 3',
    );
}

/** JDBC's numbers: 1 in, 2 in and out, 4 out of a procedure; a function's out is 3. */
function parameterRows(
  kind: 'PROCEDURE' | 'FUNCTION',
  request: RequestOf<'CatalogProcedureColumns' | 'CatalogFunctionColumns'>,
) {
  const out = kind === 'PROCEDURE' ? 4 : 3;
  return new Conditions(`r.ROUTINE_TYPE = '${kind}'`)
    .like('p.SPECIFIC_SCHEMA', request.schema)
    .like('p.SPECIFIC_NAME', request.procedure)
    .like('p.PARAMETER_NAME', request.column)
    .query(
      `SELECT ${nothing(`${kind}_CAT`)}, p.SPECIFIC_SCHEMA AS ${kind}_SCHEM, p.SPECIFIC_NAME AS ${kind}_NAME, ` +
        `p.PARAMETER_NAME AS COLUMN_NAME, ` +
        `CAST(CASE p.PARAMETER_MODE WHEN 'IN' THEN 1 WHEN 'INOUT' THEN 2 ELSE ${out} END AS SMALLINT) AS COLUMN_TYPE, ` +
        `${odbcType('p.DATA_TYPE')} AS DATA_TYPE, UPPER(p.DATA_TYPE) AS TYPE_NAME, p.NUMERIC_PRECISION AS "PRECISION", ` +
        `p.CHARACTER_MAXIMUM_LENGTH AS LENGTH, p.NUMERIC_SCALE AS SCALE, CAST(10 AS SMALLINT) AS RADIX, ` +
        `CAST(1 AS SMALLINT) AS NULLABLE, ${nothing('REMARKS')}, ` +
        (kind === 'PROCEDURE'
          ? `p.PARAMETER_DEFAULT AS COLUMN_DEF, ${odbcType('p.DATA_TYPE')} AS SQL_DATA_TYPE, CAST(NULL AS INTEGER) AS SQL_DATETIME_SUB, `
          : '') +
        `p.CHARACTER_MAXIMUM_LENGTH AS CHAR_OCTET_LENGTH, p.ORDINAL_POSITION, 'YES' AS IS_NULLABLE, p.SPECIFIC_NAME ` +
        'FROM INFORMATION_SCHEMA.PARAMETERS p JOIN INFORMATION_SCHEMA.ROUTINES r ' +
        'ON r.SPECIFIC_SCHEMA = p.SPECIFIC_SCHEMA AND r.SPECIFIC_NAME = p.SPECIFIC_NAME',
      '2, 3, p.ORDINAL_POSITION',
    );
}

export const procedureColumns = (request: RequestOf<'CatalogProcedureColumns'>): CatalogQuery =>
  parameterRows('PROCEDURE', request);
export const functionColumns = (request: RequestOf<'CatalogFunctionColumns'>): CatalogQuery =>
  parameterRows('FUNCTION', request);

function odbcType(column: string): string {
  const cases = Object.entries(ODBC_TYPES).map(([name, code]) => `WHEN '${name}' THEN ${code}`);
  return `CAST(CASE ${column} ${cases.join(' ')} ELSE 12 END AS INTEGER)`;
}

const ODBC_TYPES = {
  bigint: -5,
  bit: -7,
  date: 9,
  double: 8,
  integer: 4,
  longvarbinary: -4,
  longvarchar: -1,
  numeric: 2,
  smallint: 5,
  time: 10,
  timestamp: 11,
  tinyint: -6,
  varbinary: -3,
} as const;
