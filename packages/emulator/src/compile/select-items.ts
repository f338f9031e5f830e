import { sqlError } from '@iris-devtools/core';
import type { Expression, SelectItem, StarItem } from '../sql/ast.js';
import { asType } from './coerce.js';
import { compileExpression } from './expression.js';
import { fingerprint } from './fingerprint.js';
import type { OutputColumn } from './output.js';
import { columnFingerprint, groupValue, inGroup, noteUse } from './scope.js';
import type { Frame, Source, SourceColumn } from './scope.js';
import type { Typed } from './typed.js';
import { isWeak } from './typed.js';
import { VARCHAR } from './types.js';

export interface CompiledItem {
  readonly value: Typed;
  readonly column: OutputColumn;
  readonly fingerprint: string | undefined;
}

/** The select list, with `*` expanded and every column named as IRIS names it. */
export function compileItems(items: readonly SelectItem[], frame: Frame): CompiledItem[] {
  const compiled: CompiledItem[] = [];
  for (const item of items) {
    if (item.kind === 'star') {
      for (const column of starColumns(item, frame)) {
        const value = groupValue(frame, columnFingerprint(column.value.sql)) ?? inGroup(column.value, frame);
        compiled.push(named(value, column.name, compiled.length, undefined, undefined));
      }
      continue;
    }
    const value = settled(compileExpression(item.expression, frame), frame);
    const name = item.alias?.name ?? defaultName(item.expression, value, compiled.length + 1);
    compiled.push(named(value, name, compiled.length, item.expression, item.alias?.name));
  }
  return compiled;
}

/** A parameter or NULL that nothing gave a type is a string. */
function settled(value: Typed, frame: Frame): Typed {
  return value.type.name === 'UNKNOWN'
    ? { ...asType(value, VARCHAR, frame.context), origin: value.origin }
    : value;
}

function named(
  value: Typed,
  name: string,
  index: number,
  node: Expression | undefined,
  alias: string | undefined,
): CompiledItem {
  const column: OutputColumn = {
    name,
    sqlName: `r${index + 1}`,
    type: value.type,
    isAliased: alias !== undefined,
    isExpression: value.column === undefined,
    ...(value.collation === undefined ? {} : { collation: value.collation }),
    ...(value.column === undefined ? {} : { source: value.column }),
    ...(isWeak(value) ? { weak: true } : {}),
  };
  return { value, column, fingerprint: node === undefined ? undefined : fingerprint(node) };
}

function starColumns(item: StarItem, frame: Frame): SourceColumn[] {
  const { sources } = frame.scope;
  const wanted = item.table;
  const chosen: readonly Source[] =
    wanted === undefined
      ? sources
      : sources.filter(
          (source) =>
            source.label?.toUpperCase() === wanted.name.name.toUpperCase() &&
            (wanted.schema === undefined ||
              source.schema?.toUpperCase() === wanted.schema.name.toUpperCase()),
        );
  if (sources.length === 0) throw sqlError(-26, ' Missing FROM clause');
  if (chosen.length === 0) {
    throw sqlError(
      -23,
      ` Label '${wanted?.name.name.toUpperCase() ?? '*'}' is not listed among the applicable tables`,
    );
  }
  return chosen.flatMap((source) => {
    const columns = source.columns.filter((column) => !column.hidden);
    for (const column of columns) noteUse(source, column);
    return columns;
  });
}

const DEFAULT_NAMES: Partial<Record<Expression['kind'], string>> = {
  aggregate: 'Aggregate',
  window: 'Window',
  subquery: 'Subquery',
  // Literals become host variables before IRIS names the columns.
  number: 'HostVar',
  string: 'HostVar',
  null: 'Literal',
  parameter: 'HostVar',
  'host-variable': 'HostVar',
};

/** Columns keep the name of their declaration; everything else is numbered by its position. */
function defaultName(node: Expression, value: Typed, position: number): string {
  const inner = node.kind === 'parenthesized' ? node.expression : node;
  if (inner.kind === 'pseudo-column' && (inner.name === '%TABLENAME' || inner.name === '%CLASSNAME'))
    return `Literal_${position}`;
  if (inner.kind === 'column' || inner.kind === 'pseudo-column') return value.name ?? nameOf(inner);
  return `${DEFAULT_NAMES[inner.kind] ?? 'Expression'}_${position}`;
}

function nameOf(node: Extract<Expression, { kind: 'column' | 'pseudo-column' }>): string {
  if (node.kind === 'pseudo-column') return node.name;
  return node.arrows.at(-1)?.name ?? node.name.name;
}
