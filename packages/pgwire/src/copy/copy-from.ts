import { isUtf8 } from 'node:buffer';
import type { SqlParameter } from '@iris-devtools/core';
import { decodeFrontend, frontendBodyLimit } from '../messages/frontend-messages.js';
import { PgError } from '../pg-error.js';
import type { Cancellation } from '../session/cancellation.js';
import type { Client } from '../session/client.js';
import { decodeParameter } from '../session/run-query.js';
import type { IrisStatement } from '../statement/statement.js';
import { protocolViolation } from '../wire/protocol-violation.js';
import { splitFields } from './copy-fields.js';
import type { CopyField } from './copy-fields.js';
import { badFormat, CopyLines } from './copy-lines.js';
import type { CopyLine } from './copy-lines.js';
import { chooses } from './copy-options.js';
import type { CopyOptions } from './copy-options.js';

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const SHOWN_CHARACTERS = 100;

export interface CopyTarget {
  /** Name of the table, for the context of errors. */
  readonly table: string;
  readonly columns: readonly string[];
  /** `INSERT` of one row; its parameters are the columns in order. */
  readonly insert: IrisStatement;
}

export interface CopyRow {
  readonly line: number;
  readonly parameters: readonly SqlParameter[];
}

/** Receives COPY data and hands each row on. One instance serves one COPY. */
export class CopyFromReader {
  readonly #client: Client;
  readonly #target: CopyTarget;
  readonly #options: CopyOptions;
  readonly #lines: CopyLines;
  #headerDue: boolean;

  constructor(client: Client, target: CopyTarget, options: CopyOptions) {
    this.#client = client;
    this.#target = target;
    this.#options = options;
    this.#lines = new CopyLines(options, MAX_LINE_BYTES);
    this.#headerDue = options.header !== 'none';
  }

  /** Rows in the pieces in which they arrive. @throws PgError with `COPY table, line n` as its context */
  async *rows(cancellation: Cancellation): AsyncGenerator<CopyRow[]> {
    for (;;) {
      const chunk = await this.#nextChunk(cancellation);
      const lines = await this.#inContext(() =>
        chunk === undefined ? this.#lines.finish() : this.#lines.push(chunk),
      );
      const rows: CopyRow[] = [];
      for (const line of lines) {
        const parameters = await this.#row(line);
        if (parameters !== undefined) rows.push({ line: line.number, parameters });
      }
      if (rows.length > 0) yield rows;
      if (chunk === undefined) return;
    }
  }

  /** Context of an error that belongs to a line. */
  where(line: number): string {
    return `COPY ${this.#target.table}, line ${line}`;
  }

  async #nextChunk(cancellation: Cancellation): Promise<Uint8Array | undefined> {
    for (;;) {
      const frame = await this.#client.input.next(frontendBodyLimit, cancellation.signal);
      const message = frame === undefined ? undefined : decodeFrontend(frame);
      if (message === undefined) throw clientLeft();
      switch (message.kind) {
        case 'CopyData':
          return message.data;
        case 'CopyDone':
          return undefined;
        case 'CopyFail':
          throw new PgError({ sqlstate: '57014', message: `COPY from stdin failed: ${message.reason}` });
        case 'Flush':
        case 'Sync':
          // A client may have sent them before it knew that this is a COPY.
          break;
        case 'Terminate':
          throw clientLeft();
        default:
          throw protocolViolation(`unexpected message ${message.kind} during COPY from stdin`);
      }
    }
  }

  /** `undefined` for a header line. */
  async #row(line: CopyLine): Promise<SqlParameter[] | undefined> {
    const { columns } = this.#target;
    const fields = await this.#inContext(
      () => this.#fields(line.bytes),
      () => `${this.where(line.number)}: "${shown(line.bytes)}"`,
    );
    if (fields === undefined) return undefined;
    const values: SqlParameter[] = [];
    for (const [column, field] of fields.entries()) {
      const name = columns[column] ?? '';
      const value = await this.#inContext(
        () => this.#value(field, column, name),
        () => `${this.where(line.number)}, column ${name}: "${shown(field.bytes)}"`,
      );
      values.push(value);
    }
    return values;
  }

  #fields(line: Buffer): CopyField[] | undefined {
    if (!isUtf8(line)) {
      throw new PgError({ sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8"' });
    }
    const fields = splitFields(line, this.#options);
    if (this.#headerDue) {
      this.#headerDue = false;
      if (this.#options.header === 'match') this.#matchHeader(fields);
      return undefined;
    }
    const { columns } = this.#target;
    if (fields.length > columns.length) throw badFormat('extra data after last expected column');
    if (fields.length < columns.length) {
      throw badFormat(`missing data for column "${columns[fields.length] ?? ''}"`);
    }
    return fields;
  }

  #value(field: CopyField, column: number, name: string): SqlParameter | Promise<SqlParameter> {
    const isNull =
      field.isNull &&
      (field.quoted ? chooses(this.#options.forceNull, name) : !chooses(this.#options.forceNotNull, name));
    if (isNull) return null;
    const typeOid = this.#target.insert.description.parameterOids[column] ?? 0;
    return decodeParameter(this.#client, field.bytes, typeOid, 0);
  }

  #matchHeader(fields: readonly CopyField[]): void {
    const { columns } = this.#target;
    if (fields.length !== columns.length) {
      throw badFormat(
        `wrong number of fields in header line: got ${fields.length}, expected ${columns.length}`,
      );
    }
    for (const [index, field] of fields.entries()) {
      const expected = columns[index] ?? '';
      const got = field.bytes.toString('utf8');
      if (got === expected) continue;
      throw badFormat(
        `column name mismatch in header line field ${index + 1}: got "${got}", expected "${expected}"`,
      );
    }
  }

  async #inContext<T>(
    work: () => T | Promise<T>,
    where = () => this.where(this.#lines.lineNumber),
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      throw new PgError({ ...error.fields, where: where() }, error);
    }
  }
}

function clientLeft(): PgError {
  return new PgError({
    severity: 'FATAL',
    sqlstate: '08006',
    message: 'unexpected EOF on client connection',
  });
}

function shown(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
