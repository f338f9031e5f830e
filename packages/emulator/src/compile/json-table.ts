import { sqlError } from '@iris-devtools/core';
import type { JsonTable } from '../sql/ast.js';
import { resolveType } from '../sql/type-names.js';
import type { IrisType } from '../sql/types.js';
import { asText } from './coerce.js';
import { compileValue } from './expression.js';
import type { FromItem } from './from.js';
import type { Frame, Source, SourceColumn } from './scope.js';
import type { Typed } from './typed.js';
import { quote, SQLUPPER } from './typed.js';
import { isInteger, isText, isTimestamp, storageType } from './types.js';

/** JSON_TABLE: one row for each item of the path, in PostgreSQL's jsonpath, which reads IRIS's paths as they are. */
export function compileJsonTable(reference: JsonTable, frame: Frame): FromItem {
  const source = asText(compileValue(reference.source, frame, 'JSON_TABLE'), frame.context).sql;
  const alias = frame.context.alias('j');
  const item = `${alias}.item`;
  const columns: SourceColumn[] = reference.columns.map((column) => {
    const type = resolveType(column.type);
    const raw = `iris_sys.json_text(${item}, ${jsonPath(column.path)})`;
    const value: Typed = {
      sql: converted(raw, type),
      type,
      origin: 'column',
      name: column.name.name,
      ...(isText(type) ? { collation: SQLUPPER } : {}),
    };
    return { name: column.name.name, value, hidden: false };
  });
  const sources: Source[] = [{ label: reference.alias?.name, schema: undefined, sqlAlias: alias, columns }];
  const text = `LATERAL iris_sys.json_items(${source}, ${jsonPath(reference.path)}) AS ${alias}(item)`;
  return { sources, text: () => text };
}

const PATH = /^(\$|strict\s|lax\s)/;

/** @throws IrisError -400 for a path that does not begin with `$` */
function jsonPath(path: string): string {
  if (!PATH.test(path.trim())) throw sqlError(-400, ` Invalid JSON path '${path}'`);
  return `${quote(path)}::jsonpath`;
}

function converted(raw: string, type: IrisType): string {
  if (isInteger(type)) return `trunc(iris_sys.to_num(${raw}))::${storageType(type)}`;
  if (type.name === 'DATE') return `iris_sys.odbc_date(${raw})`;
  if (type.name === 'TIME') return `iris_sys.odbc_time(${raw})`;
  if (isTimestamp(type)) return `iris_sys.odbc_timestamp(${raw})`;
  switch (storageType(type)) {
    case 'numeric':
      return type.scale === undefined
        ? `iris_sys.to_num(${raw})`
        : `round(iris_sys.to_num(${raw}), ${type.scale})`;
    case 'float8':
      return `iris_sys.to_num(${raw})::float8`;
    case 'text':
      return type.length === undefined ? raw : `left(${raw}, ${type.length})`;
    default:
      return raw;
  }
}
