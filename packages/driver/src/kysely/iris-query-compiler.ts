import {
  DefaultQueryCompiler,
  type DataTypeNode,
  type InsertQueryNode,
  type OnConflictNode,
  type OnDuplicateKeyNode,
  type ReturningNode,
  type TopNode,
  type ValuesNode,
} from 'kysely';
import { IrisError } from '@iris-devtools/core';

/** Data types of Kysely's schema builder that IRIS has under another name. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  boolean: 'bit',
  text: 'longvarchar',
  bytea: 'longvarbinary',
  blob: 'longvarbinary',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double',
  'double precision': 'double',
  datetime: 'timestamp',
  uuid: 'uniqueidentifier',
};

/**
 * IRIS SQL from Kysely's tree. LIMIT and OFFSET need IRIS 2025.1.
 * What IRIS has no form for is an IrisError IRIS_UNSUPPORTED; nothing is left out silently.
 */
export class IrisQueryCompiler extends DefaultQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return '?';
  }

  protected override getAutoIncrement(): string {
    return 'identity';
  }

  protected override visitDataType(node: DataTypeNode): void {
    const name = TYPE_NAMES[node.dataType];
    if (name === undefined) super.visitDataType(node);
    else this.append(name);
  }

  /** IRIS inserts one row per VALUES; several go in as a SELECT. */
  protected override visitValues(node: ValuesNode): void {
    if (node.values.length <= 1) {
      super.visitValues(node);
      return;
    }
    node.values.forEach((row, index) => {
      this.append(index === 0 ? 'select ' : ' union all select ');
      if (row.kind === 'PrimitiveValueListNode') {
        row.values.forEach((value, column) => {
          if (column > 0) this.append(', ');
          this.appendValue(value);
        });
      } else this.compileList(row.values);
    });
  }

  protected override visitTop(node: TopNode): void {
    if (node.modifiers !== undefined)
      throw unsupported(`TOP with ${node.modifiers}`, 'Use TOP with a number.');
    this.append(`top ${String(node.expression)}`);
  }

  protected override visitInsertQuery(node: InsertQueryNode): void {
    if (node.replace === true || node.orAction !== undefined) {
      throw unsupported(
        'INSERT with OR or IGNORE',
        'Use INSERT OR UPDATE as raw SQL, or handle SQLCODE -119.',
      );
    }
    super.visitInsertQuery(node);
  }

  protected override visitReturning(_node: ReturningNode): void {
    throw unsupported(
      'RETURNING',
      'Select the row afterwards; LAST_IDENTITY() gives the row id of an insert.',
    );
  }

  protected override visitOnConflict(_node: OnConflictNode): void {
    throw unsupported('ON CONFLICT', 'Use INSERT OR UPDATE as raw SQL, or handle SQLCODE -119.');
  }

  protected override visitOnDuplicateKey(_node: OnDuplicateKeyNode): void {
    throw unsupported('ON DUPLICATE KEY', 'Use INSERT OR UPDATE as raw SQL.');
  }
}

export function unsupported(what: string, hint: string): IrisError {
  return new IrisError(`IRIS SQL has no ${what}`, { code: 'IRIS_UNSUPPORTED', hint });
}
