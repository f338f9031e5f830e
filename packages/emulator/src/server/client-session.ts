import { isDeepStrictEqual } from 'node:util';
import { isIrisError, SQLCODES, sqlError } from '@iris-devtools/core';
import type { ListItem, ParameterInfo, StatementFeature } from '@iris-devtools/protocol';
import { BoundedMap } from './bounded-map.js';
import { Cursor, plainLayout } from './row-page.js';
import { engineParameter } from './engine-parameters.js';
import { LiftedStatement } from './lifted-literals.js';
import { streamOref, streamParameter } from './stream-class.js';
import type {
  CallResult,
  EngineParameter,
  ExecuteOptions,
  ParameterDescription,
  PreparedSql,
  SqlOutcome,
} from '../engine/engine.js';
import type { IrisProcess } from './iris-process.js';
import type { ServerSettings } from './server-settings.js';
import type { ColumnLayout } from './row-page.js';

/** A statement that the client can execute again by its id. */
export interface KnownStatement {
  readonly prepared: PreparedSql;
  readonly layout: ColumnLayout;
  /** One for each parameter that the client sent. */
  readonly parameters: readonly ParameterDescription[];
  /** Set when literals of the client's text must be put back before it runs. */
  readonly lifted: LiftedStatement | undefined;
}

/** A LOB value of a row, and how far it has been read. */
export interface OpenStream {
  readonly data: string | Uint8Array;
  position: number;
}

/** What a client sends to be prepared. */
export interface StatementText {
  readonly text: string;
  readonly parameters: readonly ParameterInfo[];
}

/** SQLCODEs of a statement that was stopped from outside: a timeout, an interrupt. */
const STOPPED: readonly number[] = [-450, -456];
/** LOB values of sent rows that a client may still read. */
const MAX_STREAM_HANDLES = 100_000;
/** Failures whose words a client may still ask for. */
const MAX_ERROR_TEXTS = 32;

/** What a logged-in client has on its connection. */
export class ClientSession {
  readonly process: IrisProcess;
  readonly settings: ServerSettings;
  readonly statements: BoundedMap<number, KnownStatement>;
  readonly cursors: BoundedMap<number, Cursor>;
  /** Statement ids that stand for the procedure which tells the last row id. */
  readonly rowIdProcedures = new Set<number>();
  /** Results that a client may still ask for, by the id of the procedure that gave them. */
  readonly procedureResults: BoundedMap<number, CallResult[]>;
  readonly streams = new BoundedMap<string, OpenStream>(MAX_STREAM_HANDLES);
  /** Whether replies begin with a statement feature, and fast select may be used. */
  readonly #fastSelect: boolean;
  readonly #errorTexts = new BoundedMap<number, string>(MAX_ERROR_TEXTS);
  /** As asked for at login; it takes effect with the first SQL request, so that clients without any are not in a transaction. */
  #autocommitWanted: boolean | undefined;
  #lastStreamId = 0;
  #lastCursorId = 0;

  constructor(
    process: IrisProcess,
    settings: ServerSettings,
    login: { autocommit: boolean; fastSelect: boolean },
  ) {
    this.process = process;
    this.settings = settings;
    this.statements = new BoundedMap(settings.limits.maxStatements);
    this.cursors = new BoundedMap(settings.limits.maxCursors);
    this.procedureResults = new BoundedMap(settings.limits.maxCursors);
    this.#fastSelect = login.fastSelect;
    this.#autocommitWanted = login.autocommit;
  }

  async setAutocommit(on: boolean): Promise<void> {
    this.#autocommitWanted = undefined;
    await this.process.sql.setAutocommit(on);
  }

  /**
   * @param values of a statement that runs at once, so that it is described by its true literals
   * @throws IrisError with `sqlcode`
   */
  async prepare({ text, parameters }: StatementText, values?: readonly ListItem[]): Promise<KnownStatement> {
    await this.#applyAutocommit(text);
    const lifted = LiftedStatement.of(text, parameters, this.settings.delimitedIdentifiers);
    const description = values === undefined ? lifted?.sample : lifted?.withValues(values).text;
    const prepared = await this.process.sql.prepare(description ?? text);
    return {
      prepared,
      layout: this.#layout(prepared, this.#fastSelect),
      parameters: lifted?.describe(prepared.parameters) ?? prepared.parameters,
      lifted,
    };
  }

  /** Whether the columns that the client was told still hold: DDL may have changed them. @throws IrisError with `sqlcode` */
  async isCurrent({ prepared }: KnownStatement): Promise<boolean> {
    const now = await this.process.sql.prepare(prepared.sql);
    return now === prepared || isDeepStrictEqual(now.columns, prepared.columns);
  }

  /** A procedure, whose description has no place for fast select. @throws IrisError with `sqlcode` */
  async prepareProcedure(text: string): Promise<KnownStatement> {
    await this.#applyAutocommit(text);
    const prepared = await this.process.sql.prepare(text);
    return {
      prepared,
      layout: this.#layout(prepared, false),
      parameters: prepared.parameters,
      lifted: undefined,
    };
  }

  /** Runs a statement, with its literals put back. @throws IrisError with `sqlcode` */
  async execute(
    { prepared, lifted }: KnownStatement,
    values: readonly ListItem[],
    options: ExecuteOptions,
  ): Promise<SqlOutcome> {
    const bound = lifted?.withValues(values);
    const statement = bound === undefined ? prepared : await this.process.sql.prepare(bound.text);
    const parameters = (bound?.values ?? values).map((item, index) =>
      this.#parameter(item, statement.parameters[index]?.typeCode),
    );
    return this.process.execute(statement, parameters, options);
  }

  /**
   * Runs a statement once for each set of values. A failure leaves the sets before it done, each being a statement of its own.
   * @param counts takes the rows affected by each, also of those before one that fails
   * @throws IrisError with `sqlcode`
   */
  async executeSets(
    statement: KnownStatement,
    sets: readonly (readonly ListItem[])[],
    options: ExecuteOptions,
    counts: number[],
  ): Promise<void> {
    if (
      sets.length > 1 &&
      this.#insertsOneRow(statement) &&
      (await this.#insertBatch(statement, sets, options))
    ) {
      counts.push(...sets.map(() => 1));
      return;
    }
    for (const set of sets.length === 0 ? [[]] : sets) {
      counts.push((await this.execute(statement, set, options)).rowCount);
    }
  }

  /** Keeps what is left of a result under the statement's id and gives the cursor. */
  openCursor(statementId: number, layout: ColumnLayout, rows: SqlOutcome['rows']): Cursor {
    const cursor = new Cursor(rows, layout, this.settings.pageSize, (data) => this.#keepStream(data));
    this.cursors.set(statementId, cursor);
    this.#lastCursorId = statementId;
    return cursor;
  }

  /** The Go driver leaves the id 0 and means its latest result. */
  findCursor(statementId: number): Cursor | undefined {
    return (
      this.cursors.get(statementId) ?? (statementId === 0 ? this.cursors.get(this.#lastCursorId) : undefined)
    );
  }

  /** Notes why a request failed and gives the status for the reply. */
  noteFailure(error: unknown): number {
    if (isIrisError(error) && error.sqlcode !== undefined) {
      this.#errorTexts.set(error.sqlcode, error.message);
      return error.sqlcode;
    }
    const reason = isIrisError(error) ? error.message : 'Unexpected failure of the emulator; see its log';
    const fatal = sqlError(-400, reason);
    this.#errorTexts.set(-400, fatal.message);
    return -400;
  }

  /** The words for a status that the client got. */
  errorText(status: number): string {
    const generic = SQLCODES.get(status);
    return this.#errorTexts.get(status) ?? (generic === undefined ? '' : sqlError(status).message);
  }

  /** Forgets what the client prepared: its next execution by id gets status 404. */
  forgetStatements(): void {
    this.statements.clear();
  }

  /** Back to the state after login. */
  async reset(): Promise<void> {
    await this.process.rollback();
    this.statements.clear();
    this.cursors.clear();
    this.procedureResults.clear();
    this.streams.clear();
  }

  async close(): Promise<void> {
    this.cursors.clear();
    this.statements.clear();
    this.procedureResults.clear();
    this.streams.clear();
    await this.process.close();
  }

  #insertsOneRow({ prepared, lifted }: KnownStatement): boolean {
    if (prepared.kind !== 'update' || lifted !== undefined) return false;
    const statement = this.process.instance.parse(prepared.sql);
    return statement.kind === 'insert' && statement.source.kind === 'values';
  }

  /** All sets in one go, which is much faster. False: nothing was inserted, because one of them fails. */
  async #insertBatch(
    { prepared }: KnownStatement,
    sets: readonly (readonly ListItem[])[],
    options: ExecuteOptions,
  ): Promise<boolean> {
    const bound = sets.map((set) =>
      set.map((item, index) => this.#parameter(item, prepared.parameters[index]?.typeCode)),
    );
    try {
      await this.process.executeBatch(prepared, bound, options);
      return true;
    } catch (error) {
      const isRowError =
        isIrisError(error) && error.code === 'IRIS_SQL' && !STOPPED.includes(error.sqlcode ?? 0);
      if (isRowError) return false;
      throw error;
    }
  }

  async #applyAutocommit(text: string): Promise<void> {
    if (this.#autocommitWanted !== undefined) await this.setAutocommit(this.#autocommitWanted);
    const { maxStatementLength } = this.settings.limits;
    if (text.length <= maxStatementLength) return;
    throw sqlError(-400, `The statement is longer than ${maxStatementLength} characters`, {
      code: 'IRIS_LIMIT',
      hint: 'Pass large values as parameters, or raise the limit maxStatementLength of the emulator.',
    });
  }

  /** An OREF stands for a stream that the client wrote before. */
  #parameter(item: ListItem, typeCode: number | undefined): EngineParameter {
    const oref = streamOref(item);
    if (oref !== undefined && this.process.objects.has(oref)) {
      const stream = streamParameter(this.process.objects.get(oref));
      if (stream !== undefined) return stream;
    }
    return engineParameter(item, typeCode);
  }

  #keepStream(data: string | Uint8Array): string {
    this.#lastStreamId += 1;
    const handle = `${this.#lastStreamId}@%Stream.GlobalCharacter`;
    this.streams.set(handle, { data, position: 0 });
    return handle;
  }

  #layout({ columns }: PreparedSql, fastSelect: boolean): ColumnLayout {
    const plain = plainLayout(columns);
    if (!fastSelect || this.settings.fastSelect === 'off' || columns.length === 0) return plain;
    const order = [...plain.order];
    const feature: StatementFeature = { option: 1, maxRowItemCount: columns.length };
    return { columns, order: this.settings.fastSelect === 'reversed' ? order.reverse() : order, feature };
  }
}
