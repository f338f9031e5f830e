import { silentLogger } from '@iris-devtools/core';
import type { Logger } from '@iris-devtools/core';
import { Catalog } from '../catalog/catalog.js';
import { DEFAULT_SCHEMA } from '../catalog/model.js';
import type { NamespaceDef } from '../catalog/model.js';
import { SystemTables } from '../catalog/system/system-tables.js';
import type { EngineCore, UserDirectory } from './core.js';
import type { SqlEngine, SqlSession } from './engine.js';
import { installPrelude, preludeHash } from './prelude/install.js';
import { IrisSqlSession, newSessionState } from './session.js';
import { startImage } from './storage/start-image.js';
import { PreparedCache } from './prepared-cache.js';
import { Storage } from './storage/storage.js';
import { TransactionTable } from './transactions.js';

export interface SqlEngineOptions {
  /** A directory that keeps the data, or `memory`. Default `memory`. */
  readonly data?: string;
  readonly irisVersion?: '2024.1' | '2025.1' | 'latest';
  /** $ZVERSION. */
  readonly versionText?: string;
  /** Default: _SYSTEM, Admin and SuperUser, who hold %All. */
  readonly isPrivileged?: (user: string) => boolean;
  /** A statement that runs longer ends the storage. Default 300,000. */
  readonly watchdogMs?: number;
  /** Default 512 MB. */
  readonly maxAnswerBytes?: number;
  readonly logger?: Logger;
  readonly users?: UserDirectory;
  /**
   * Where a prepared empty database is kept to start from; false: nowhere, and none is used. Default: the published
   * package has one, and the user's cache directory keeps one where that does not fit.
   */
  readonly cacheDir?: string | false;
}

/** Part of the name of the start image; the version that package.json pins. */
const PGLITE_VERSION = '0.5.14';

const DEFAULT_WATCHDOG_MS = 300_000;
const DEFAULT_MAX_ANSWER_BYTES = 512 * 1024 * 1024;
const MAX_PREPARED_STATEMENTS = 200;
const MAX_CACHED_STATEMENTS = 1_000;
const LOCK_TIMEOUT_SECONDS = 10;
const PRIVILEGED: readonly string[] = ['_SYSTEM', 'ADMIN', 'SUPERUSER', '_ALL', 'IRISOWNER'];
/** Namespaces of every instance. */
const NAMESPACES: readonly string[] = ['USER', '%SYS'];

/** SQL of one emulated instance. What an earlier process left uncommitted is rolled back. */
export async function createSqlEngine(options: SqlEngineOptions = {}): Promise<SqlEngine> {
  const storage = await openStorage(options);
  await recover(storage);
  const catalog = await Catalog.load(storage);
  const core: EngineCore = {
    storage,
    catalog,
    transactions: new TransactionTable(),
    prepared: new PreparedCache(MAX_CACHED_STATEMENTS),
    systemTables: new SystemTables(storage, catalog),
    settings: {
      defaultSchema: DEFAULT_SCHEMA,
      lockTimeoutSeconds: LOCK_TIMEOUT_SECONDS,
      fastDistinct: true,
      options: new Map(),
    },
    running: new Map(),
    irisVersion: options.irisVersion ?? 'latest',
    versionText: options.versionText ?? 'IRIS emulator of iris-devtools (not InterSystems IRIS) 2025.1',
    logger: options.logger ?? silentLogger,
    users: options.users,
    isPrivileged: options.isPrivileged ?? ((user) => PRIVILEGED.includes(user.toUpperCase())),
  };
  for (const name of NAMESPACES) await ensureNamespace(core, name);
  return new Engine(core);
}

/** The storage with the functions of the engine in it. */
async function openStorage(options: SqlEngineOptions): Promise<Storage> {
  const data = options.data ?? 'memory';
  const settings = {
    dataDir: data === 'memory' ? undefined : data,
    watchdogMs: options.watchdogMs ?? DEFAULT_WATCHDOG_MS,
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES,
    maxPreparedStatements: MAX_PREPARED_STATEMENTS,
  };
  if (options.cacheDir === false) {
    const storage = await Storage.open(settings);
    await installPrelude(storage);
    return storage;
  }
  const cache = startImage(options.cacheDir, `${PGLITE_VERSION} ${preludeHash()}`);
  const image = await cache.read();
  const storage = await Storage.open({ ...settings, image }).catch((error: unknown) => {
    // A damaged image must not keep the engine from starting.
    if (image === undefined) throw error;
    return Storage.open(settings);
  });
  await installPrelude(storage);
  if (storage.fresh && image === undefined) {
    await cache.write(await storage.dump()).catch((error: unknown) => {
      options.logger?.log('debug', 'The start image of the storage could not be kept', {
        reason: String(error),
      });
    });
  }
  return storage;
}

/** Rolls back the transactions that a crash left open; catalog tables are filled anew. */
async function recover(storage: Storage): Promise<void> {
  const [open] = await storage.run([{ sql: 'SELECT DISTINCT txn FROM iris_sys.undo ORDER BY txn DESC' }]);
  for (const [id] of open?.rows ?? []) {
    await storage.run([{ sql: 'SELECT iris_sys.undo_transaction($1::int8, 0)', parameters: [id ?? '0'] }]);
  }
  await storage.script('DROP SCHEMA IF EXISTS iris_cat CASCADE; CREATE SCHEMA iris_cat');
}

async function ensureNamespace(core: EngineCore, name: string): Promise<NamespaceDef> {
  const existing = core.catalog.namespace(name);
  if (existing !== undefined) return existing;
  const created: NamespaceDef = { kind: 'namespace', id: core.catalog.newId(), name: name.toUpperCase() };
  const schema = {
    kind: 'schema',
    id: core.catalog.newId(),
    namespace: created.name,
    explicit: false,
    name: DEFAULT_SCHEMA,
  } as const;
  const change = { put: [created, schema], remove: [] };
  await core.catalog.write(core.storage, change);
  core.catalog.apply(change);
  return created;
}

class Engine implements SqlEngine {
  readonly #core: EngineCore;
  readonly #sessions = new Set<SqlSession>();
  #nextSession = 1;

  constructor(core: EngineCore) {
    this.#core = core;
  }

  async openSession(options: { readonly user: string; readonly namespace: string }): Promise<SqlSession> {
    const namespace = await ensureNamespace(this.#core, options.namespace);
    const state = newSessionState(this.#core, this.#nextSession++, options.user, namespace.name);
    const session: SqlSession = new IrisSqlSession(state, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    return session;
  }

  async close(): Promise<void> {
    // One session that cannot be closed must not keep the storage open.
    await Promise.allSettled([...this.#sessions].map((session) => session.close()));
    await this.#core.storage.close();
  }
}
