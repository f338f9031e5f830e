import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PgError } from '../pg-error.js';
import { OID } from '../types/oids.js';
import {
  CHANGED_SETTINGS,
  OWNER_ROLE,
  ROOT_ROLE,
  bootstrapStatements,
  quoteIdentifier,
  quoteLiteral,
} from './bootstrap.js';
import { TRANSACTION_TIME } from './clock.js';
import { applyEdits } from './edited-text.js';
import { bind, describe, execute, parse, query, sync } from './frontend.js';
import { guardDescribe, guardRun } from './guard.js';
import { internal } from './names.js';
import type { ChangedSetting, OracleRequest, OracleRun, SessionSettings } from './oracle.js';
import { readReplies, type Replies } from './replies.js';
import type { Snapshot } from './snapshot.js';
import type { WorkerOptions, WorkerReply } from './worker-protocol.js';

/** PGlite itself failed, not a statement. */
export class BrokenBackend extends Error {}

/**
 * Settings of the client that must not reach the shared instance: they would change who it runs as, how it
 * encodes what we read, or how much memory one statement may take.
 */
const WITHHELD_SETTINGS = new Set([
  'role',
  'session_authorization',
  'client_encoding',
  'transaction_isolation',
  'transaction_read_only',
  'transaction_deferrable',
  'statement_timeout',
  'lock_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'work_mem',
  'temp_buffers',
  'hash_mem_multiplier',
  'maintenance_work_mem',
]);

/** 2 MB instead of 128: the shadow holds no rows. */
const SHARED_BUFFERS = 'shared_buffers=2MB';

/** The one PGlite, inside the worker thread. Calls must not overlap. */
export class Backend {
  readonly #pglite: PGlite;
  readonly #options: WorkerOptions;
  readonly #roles = new Map<string, string>();
  #userSettings: ReadonlySet<string> = new Set();
  /** What the session is set to now; `undefined` when that is not sure. */
  #applied: { user: string; settings: string } | 'root' | undefined;
  #database: string | undefined;

  private constructor(pglite: PGlite, options: WorkerOptions) {
    this.#pglite = pglite;
    this.#options = options;
  }

  static async create(options: WorkerOptions): Promise<Backend> {
    const { server, snapshot } = options;
    const backend = new Backend(await startPglite(snapshot), options);
    if (snapshot === undefined) {
      for (const statement of bootstrapStatements(server)) await backend.#mustSucceed(query(statement));
    }
    await backend.#checkVectorOid();
    const names = await backend.#mustSucceed(query("select name from pg_settings where context = 'user'"));
    backend.#userSettings = new Set(
      names.rows.map(([name]) =>
        Buffer.from(name ?? [])
          .toString()
          .toLowerCase(),
      ),
    );
    return backend;
  }

  async describe(request: OracleRequest): Promise<WorkerReply> {
    const { edits } = guardDescribe(request.sql);
    await this.#become(request);
    const sql = applyEdits(request.sql, edits);
    const bytes = await this.#send([parse(sql, request.parameterOids), describe('S'), sync()]);
    return { kind: 'answer', bytes, readyCount: 1, edits };
  }

  async run(request: OracleRun): Promise<WorkerReply> {
    const { edits, runnable, commandTag, changesSettings } = guardRun(request.sql);
    if (!runnable) return await this.#refuseToRun(request);
    await this.#become(request);
    let changedSettings: ChangedSetting[] | undefined;
    let answer: Uint8Array;
    let end: Uint8Array;
    try {
      answer = await this.#send([
        query(beginning(request.transactionTime)),
        parse(applyEdits(request.sql, edits), request.parameterOids),
        bind(request.parameters, request.parameterFormats, request.resultFormats),
        describe('P'),
        execute(this.#options.maxResultRows),
        sync(),
      ]);
      if (changesSettings === true) changedSettings = await this.#changedSettings();
    } finally {
      end = await this.#send([query('rollback')]);
    }
    const bytes = new Uint8Array(answer.length + end.length);
    bytes.set(answer);
    bytes.set(end, answer.length);
    return { kind: 'answer', bytes, readyCount: 3, edits, commandTag, changedSettings };
  }

  /** None when the statement failed, since PostgreSQL then answers nothing until the rollback. */
  async #changedSettings(): Promise<ChangedSetting[]> {
    const { rows } = await this.#replies([
      query(`select pg_catalog.current_setting('${CHANGED_SETTINGS}', true)`),
    ]);
    const lines = Buffer.from(rows[0]?.[0] ?? [])
      .toString('utf8')
      .split('\n');
    return lines
      .filter((line) => line !== '')
      .map((line) => {
        const [name, value, isLocal] = JSON.parse(line) as [string, string, boolean];
        return { name, value, isLocal };
      });
  }

  async load(statements: readonly string[]): Promise<WorkerReply> {
    await this.#becomeRoot();
    // One message is one transaction.
    const bytes = await this.#send([query(statements.join(';\n'))]);
    return { kind: 'answer', bytes, readyCount: 1, edits: [] };
  }

  async inspect(sql: string): Promise<WorkerReply> {
    await this.#becomeRoot();
    return { kind: 'answer', bytes: await this.#send([query(sql)]), readyCount: 1, edits: [] };
  }

  /** @throws PgError 42704 unknown setting, 22023 wrong value, 42501 or 55P02 not the client's to change */
  async checkSetting(name: string, value: string): Promise<WorkerReply> {
    await this.#becomeRoot();
    await this.#requireUserSetting(name);
    const bytes = await this.#send([query('begin'), ...setConfig([[name, value]], true), query('rollback')]);
    return { kind: 'answer', bytes, readyCount: 3, edits: [] };
  }

  /** The data directory as a tar archive. */
  async dump(): Promise<Uint8Array<ArrayBuffer>> {
    const archive = await this.#pglite.dumpDataDir('none');
    return new Uint8Array(await archive.arrayBuffer());
  }

  /** PostgreSQL's own error for a text that we did not understand; nothing is executed. */
  async #refuseToRun(request: OracleRun): Promise<WorkerReply> {
    await this.#become(request);
    const bytes = await this.#send([parse(request.sql, request.parameterOids), sync()]);
    const { error } = readReplies(Buffer.from(bytes));
    throw new PgError(error ?? { sqlstate: '42601', message: 'not a single statement that can be run here' });
  }

  async #requireUserSetting(name: string): Promise<void> {
    const known = name.toLowerCase();
    if (name.includes('.') || this.#userSettings.has(known)) return;
    const { error } = readReplies(Buffer.from(await this.#send([query(`show ${quoteIdentifier(known)}`)])));
    if (error !== undefined) throw new PgError(error);
    throw new PgError({ sqlstate: '55P02', message: `parameter "${known}" cannot be changed now` });
  }

  async #becomeRoot(): Promise<void> {
    if (this.#applied === 'root') return;
    this.#applied = undefined;
    await this.#mustSucceed(query(`set session authorization ${ROOT_ROLE}`), query('reset all'));
    this.#applied = 'root';
  }

  /** The client's role, database and settings, unless the session has them already. */
  async #become({ user, database, settings }: OracleRequest): Promise<void> {
    const wanted = { user, settings: JSON.stringify([...settings]) };
    const now = this.#applied === 'root' ? undefined : this.#applied;
    if (this.#database === database && now?.user === user && now.settings === wanted.settings) return;
    await this.#becomeRoot();
    this.#applied = undefined;
    const role = this.#roles.get(user) ?? (await this.#createRole(user));
    if (this.#database !== database) await this.#renameDatabase(database);
    const applicable = this.#applicable(settings);
    if (applicable.length > 0) await this.#mustSucceed(...setConfig(applicable, false));
    await this.#mustSucceed(query(`set session authorization ${quoteIdentifier(role)}`));
    this.#applied = wanted;
  }

  #applicable(settings: SessionSettings): [string, string][] {
    return [...settings].filter(([name]) => {
      const known = name.toLowerCase();
      return !WITHHELD_SETTINGS.has(known) && (known.includes('.') || this.#userSettings.has(known));
    });
  }

  /** A name that PostgreSQL does not accept for a role (`pg_x`, `public`) runs as the owner of the shadow. */
  async #createRole(user: string): Promise<string> {
    const name = quoteIdentifier(user);
    const created = await this.#replies([query(`create role ${name} in role ${OWNER_ROLE}`)]);
    const known = created.error === undefined || created.error.sqlstate === '42710';
    const role = known && user !== ROOT_ROLE ? user : OWNER_ROLE;
    this.#roles.set(user, role);
    return role;
  }

  /**
   * The connected database cannot be renamed by command; current_database() reads its name from the catalog.
   * Only this row is ours: templates keep their names.
   */
  async #renameDatabase(name: string): Promise<void> {
    await this.#mustSucceed(
      query('set allow_system_table_mods = on'),
      query(
        `update pg_catalog.pg_database set datname = ${quoteLiteral(name)} where datname = pg_catalog.current_database()`,
      ),
      query('set allow_system_table_mods = off'),
    );
    this.#database = name;
  }

  async #checkVectorOid(): Promise<void> {
    const { rows } = await this.#mustSucceed(query("select 'public.vector'::regtype::oid"));
    const found = Buffer.from(rows[0]?.[0] ?? []).toString();
    if (found !== String(OID.vector)) {
      throw new BrokenBackend(
        `type vector got OID ${found} instead of ${OID.vector}; is another PGlite installed?`,
      );
    }
  }

  async #replies(messages: readonly Buffer[]): Promise<Replies> {
    return readReplies(Buffer.from(await this.#send(messages)));
  }

  async #mustSucceed(...messages: readonly Buffer[]): Promise<Replies> {
    const replies = await this.#replies(messages);
    if (replies.error !== undefined) throw new PgError(replies.error);
    if (replies.readyCount === 0) throw new BrokenBackend('PGlite gave no answer');
    return replies;
  }

  /** @throws PgError 54000 when the answer is longer than the limit */
  async #send(messages: readonly Buffer[]): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const keep = (chunk: Uint8Array): void => {
      size += chunk.length;
      // A view on PGlite's memory, which changes after this call.
      if (size <= this.#options.maxResultBytes) chunks.push(chunk.slice());
    };
    try {
      await this.#pglite.execProtocolRawStream(Buffer.concat(messages), { syncToFs: false, onRawData: keep });
    } catch (cause) {
      throw new BrokenBackend('PGlite stopped', { cause });
    }
    if (size > this.#options.maxResultBytes) {
      throw new PgError({
        sqlstate: '54000',
        message: `result is longer than ${this.#options.maxResultBytes} bytes`,
        hint: 'Ask for fewer rows or columns of the catalog.',
      });
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }
}

/** A Date's ISO text has no quote. */
function beginning(transactionTime: Date | undefined): string {
  const time = transactionTime === undefined ? '' : transactionTime.toISOString();
  return `begin read only; set local ${TRANSACTION_TIME} = '${time}'`;
}

async function startPglite(snapshot: Snapshot | undefined): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, '-c', SHARED_BUFFERS];
  const extensions = { vector };
  if (snapshot === undefined) return PGlite.create({ extensions, startParams });
  const loadDataDir = new Blob([Uint8Array.from(snapshot)], { type: 'application/x-gzip' });
  return PGlite.create({ extensions, startParams, loadDataDir, username: ROOT_ROLE });
}

function setConfig(settings: readonly [string, string][], local: boolean): Buffer[] {
  const calls = settings.map(
    (_, index) => `${internal('set_config_by_name')}($${2 * index + 1}, $${2 * index + 2}, ${local})`,
  );
  const values = settings.flat().map((text) => Buffer.from(text, 'utf8'));
  const oids = values.map(() => OID.text);
  return [parse(`select ${calls.join(', ')}`, oids), bind(values, [], []), execute(0), sync()];
}
