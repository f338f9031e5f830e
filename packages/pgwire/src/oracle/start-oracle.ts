import { silentLogger, type Logger } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';
import { originalPosition } from './edited-text.js';
import type { ChangedSetting, Description, Oracle, OracleRequest, OracleRows, OracleRun } from './oracle.js';
import { readReplies, type Replies } from './replies.js';
import { WorkerLink } from './worker-link.js';
import type { WorkerCall } from './worker-protocol.js';

export interface OracleOptions {
  /** What `SHOW server_version` says; must be what ParameterStatus says. Default `15.8`. */
  readonly serverVersion?: string;
  /** What `version()` says after `PostgreSQL <serverVersion>`. */
  readonly product?: string;
  /** Longest time for one statement on the catalog; then its worker is replaced. Default 2,000. */
  readonly watchdogMs?: number;
  /** Longest time to start, or to create a batch of shadow tables. Default 60,000. */
  readonly loadTimeoutMs?: number;
  /** Longest statement. Default 64 MiB. */
  readonly maxStatementBytes?: number;
  /** Default 100,000. */
  readonly maxResultRows?: number;
  /** Default 64 MiB. */
  readonly maxResultBytes?: number;
  /** Directory for a prepared data base (5 MB), which makes the next start faster. Default: none. */
  readonly cacheDir?: string;
  readonly logger?: Logger;
}

const DEFAULTS = {
  serverVersion: '15.8',
  product: 'iris-devtools pgwire on InterSystems IRIS',
  watchdogMs: 2_000,
  loadTimeoutMs: 60_000,
  maxStatementBytes: 64 * 1024 * 1024,
  maxResultRows: 100_000,
  maxResultBytes: 64 * 1024 * 1024,
} as const;

/** An {@link Oracle} together with what the mirror and the session layer need of it. */
export interface StartedOracle extends Oracle {
  readonly serverVersion: string;
  /** Runs DDL of ours, as the superuser, all or nothing. Never give it a client's text. */
  load(statements: readonly string[]): Promise<void>;
  /** Runs a catalog query of ours; the values are texts. Never give it a client's text. */
  inspect(sql: string): Promise<(string | null)[][]>;
  /** The statements that make all shadow tables, for the day when the worker has to be replaced. */
  setShadow(statements: () => readonly string[]): void;
  /**
   * Checks a value for one of PostgreSQL's settings and gives it as SHOW prints it; changes nothing.
   * @throws PgError 42704 unknown setting, 22023 wrong value, 55P02 not changeable in a session
   */
  checkSetting(name: string, value: string): Promise<string>;
}

interface Called extends Replies {
  readonly commandTag: string | undefined;
  readonly changedSettings: readonly ChangedSetting[];
}

class WorkerOracle implements StartedOracle {
  readonly serverVersion: string;
  readonly #link: WorkerLink;
  readonly #maxStatementBytes: number;
  readonly #maxResultRows: number;

  constructor(
    link: WorkerLink,
    limits: typeof DEFAULTS | Required<Omit<OracleOptions, 'logger' | 'cacheDir'>>,
  ) {
    this.#link = link;
    this.serverVersion = limits.serverVersion;
    this.#maxStatementBytes = limits.maxStatementBytes;
    this.#maxResultRows = limits.maxResultRows;
  }

  async describe(request: OracleRequest): Promise<Description> {
    this.#checkLength(request.sql);
    const { parameterOids, fields } = await this.#call({ kind: 'describe', request }, request.sql);
    return { parameterOids: parameterOids ?? [], fields: fields ?? null };
  }

  async run(request: OracleRun): Promise<OracleRows> {
    this.#checkLength(request.sql);
    const replies = await this.#call({ kind: 'run', request }, request.sql);
    // BEGIN, SET, the statement, ROLLBACK.
    const commandTag = replies.commandTag ?? replies.commandTags[2] ?? '';
    if (replies.suspended) {
      throw new PgError({
        sqlstate: '54000',
        message: `result is longer than ${this.#maxResultRows} rows`,
        hint: 'Ask for fewer rows of the catalog.',
      });
    }
    return {
      fields: replies.fields ?? null,
      rows: replies.rows,
      commandTag,
      changedSettings: replies.changedSettings,
    };
  }

  async load(statements: readonly string[]): Promise<void> {
    if (statements.length > 0) await this.#call({ kind: 'load', statements });
  }

  async inspect(sql: string): Promise<(string | null)[][]> {
    const { rows } = await this.#call({ kind: 'inspect', sql });
    return rows.map((row) =>
      row.map((value) => (value === null ? null : Buffer.from(value).toString('utf8'))),
    );
  }

  async checkSetting(name: string, value: string): Promise<string> {
    const { rows } = await this.#call({ kind: 'setting', name, value });
    return Buffer.from(rows[0]?.[0] ?? []).toString('utf8');
  }

  setShadow(statements: () => readonly string[]): void {
    this.#link.setShadow(statements);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  async #call(call: WorkerCall, sql = ''): Promise<Called> {
    const { bytes, readyCount, edits, commandTag, changedSettings } = await this.#link.send(call);
    const replies = readReplies(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (replies.error !== undefined) {
      const { position } = replies.error;
      const mapped = position === undefined ? undefined : originalPosition(sql, edits, position);
      throw new PgError({ ...replies.error, position: mapped });
    }
    if (replies.readyCount !== readyCount) {
      this.#link.discard('an answer without its end');
      throw new PgError({ sqlstate: 'XX000', message: 'the statement ended the catalog service' });
    }
    return { ...replies, commandTag, changedSettings: changedSettings ?? [] };
  }

  #checkLength(sql: string): void {
    if (Buffer.byteLength(sql) <= this.#maxStatementBytes) return;
    throw new PgError({
      sqlstate: '54000',
      message: `statement is longer than ${this.#maxStatementBytes} bytes`,
      hint: 'Send large values as parameters, or use COPY.',
    });
  }
}

/**
 * Starts PGlite in a worker thread and prepares it to stand for the announced server.
 * @throws PgError 58000 when it does not start
 */
export async function startOracle(options: OracleOptions = {}): Promise<StartedOracle> {
  const { logger = silentLogger, cacheDir, ...given } = options;
  const settings = { ...DEFAULTS, ...given };
  const { serverVersion, product, watchdogMs, loadTimeoutMs, maxResultRows, maxResultBytes } = settings;
  const link = new WorkerLink({
    server: { serverVersion, versionText: `PostgreSQL ${serverVersion} (${product})` },
    watchdogMs,
    loadTimeoutMs,
    maxResultRows,
    maxResultBytes,
    cacheDir,
    logger,
  });
  await link.start();
  return new WorkerOracle(link, settings);
}
