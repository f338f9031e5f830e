import { silentLogger, systemClock } from '@iris-devtools/core';
import type { Clock, Logger, Session, SessionSource } from '@iris-devtools/core';
import type { StartedOracle } from '../oracle/start-oracle.js';
import { PgError } from '../pg-error.js';
import type { MirrorCatalog } from '../sql/plan.js';
import { readIrisCatalog, type IrisCatalogRows } from './iris-catalog.js';
import { CatalogSnapshot } from './mirror-catalog.js';
import { toPgSchema, type SchemaNames } from './names.js';
import {
  asOwner,
  createStatements,
  dropStatement,
  foreignKeyStatement,
  schemaStatements,
} from './shadow-ddl.js';
import { buildShadow, type ShadowTable } from './shadow.js';

export interface MirrorOptions {
  /** IRIS schema that clients see as `public`. Default `SQLUser`. */
  readonly publicSchema?: string;
  /** What `freshen` takes as fresh. Default 5,000. */
  readonly maxAgeMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

const DEFAULT_MAX_AGE_MS = 5_000;
/** A catalog query rather shows what is known than waits for a session of a busy pool. */
const ACQUIRE_TIMEOUT_MS = 1_000;

/** IRIS's catalog, kept as empty tables in the oracle. */
export interface Mirror {
  /** Replaced by every refresh that found a change; do not keep it. */
  readonly catalog: MirrorCatalog;
  /**
   * Reads IRIS's catalog and brings the shadow into line; only what changed is made again. Sees what the session sees.
   * @throws IrisError when IRIS cannot be read; the mirror then stays as it was
   */
  refresh(session: Session): Promise<void>;
  /**
   * For statements that read the catalog: refreshes when the last time is longer ago than `maxAgeMs`. Calls at the same
   * time share one reading. Never throws: without an answer from IRIS the catalog stays as it was.
   */
  freshen(source: SessionSource): Promise<void>;
}

interface Entry {
  readonly table: ShadowTable;
  /** Two equal fingerprints need no work. */
  readonly fingerprint: string;
  /** PostgreSQL refused it; left out until it changes. */
  readonly refused: boolean;
}

type Entries = ReadonlyMap<string, Entry>;

class IrisMirror implements Mirror {
  readonly #oracle: Pick<StartedOracle, 'load' | 'setShadow'>;
  readonly #schemaNames: SchemaNames;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  #readAt = Number.NEGATIVE_INFINITY;
  #freshening: Promise<void> | undefined;
  #entries: Entries = new Map();
  #pgSchemas: ReadonlySet<string> = new Set(['public']);
  #catalog: MirrorCatalog;
  /** Refreshes run one after the other, each with the rows of its own session. */
  #tail: Promise<void> = Promise.resolve();

  constructor(oracle: Pick<StartedOracle, 'load' | 'setShadow'>, options: MirrorOptions) {
    this.#oracle = oracle;
    this.#schemaNames = { publicSchema: options.publicSchema ?? 'SQLUser' };
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
    this.#maxAgeMs = options.maxAgeMs ?? DEFAULT_MAX_AGE_MS;
    this.#catalog = new CatalogSnapshot(0, [], [], this.#schemaNames);
    oracle.setShadow(() => this.#allStatements());
  }

  get catalog(): MirrorCatalog {
    return this.#catalog;
  }

  refresh(session: Session): Promise<void> {
    const run = this.#tail.then(async () => {
      const readAt = this.#clock.now();
      await this.#apply(await readIrisCatalog(session));
      this.#readAt = readAt;
    });
    this.#tail = run.catch(() => undefined);
    return run;
  }

  freshen(source: SessionSource): Promise<void> {
    if (this.#clock.now() - this.#readAt <= this.#maxAgeMs) return Promise.resolve();
    this.#freshening ??= this.#refreshFrom(source).finally(() => {
      this.#freshening = undefined;
    });
    return this.#freshening;
  }

  async #refreshFrom(source: SessionSource): Promise<void> {
    try {
      await using session = await source.acquire(AbortSignal.timeout(ACQUIRE_TIMEOUT_MS));
      await this.refresh(session);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.log('warn', 'the catalog of IRIS could not be read again', { reason });
    }
  }

  async #apply(rows: IrisCatalogRows): Promise<void> {
    const tables = buildShadow(rows, this.#schemaNames);
    const irisSchemas = rows.schemata.map((row) => row.text('SCHEMA_NAME'));
    const pgSchemas = new Set([
      'public',
      ...irisSchemas.map((name) => toPgSchema(name, this.#schemaNames)),
      ...[...tables.values()].map((table) => table.pgSchema),
    ]);
    const next = new Map<string, Entry>();
    for (const [key, table] of tables) {
      const fingerprint = JSON.stringify(table);
      const known = this.#entries.get(key);
      next.set(key, known?.fingerprint === fingerprint ? known : { table, fingerprint, refused: false });
    }
    const isSame =
      equalKeys(next, this.#entries) && [...next].every(([key, entry]) => this.#entries.get(key) === entry);
    const sameSchemas =
      pgSchemas.size === this.#pgSchemas.size && [...pgSchemas].every((name) => this.#pgSchemas.has(name));
    if (isSame && sameSchemas) return;
    this.#entries = await this.#load(next, pgSchemas);
    this.#pgSchemas = pgSchemas;
    const shown = [...this.#entries.values()].filter(({ refused }) => !refused).map(({ table }) => table);
    this.#catalog = new CatalogSnapshot(this.#catalog.version + 1, shown, irisSchemas, this.#schemaNames);
  }

  /** Gives back what is in the oracle now: `next`, with those marked that PostgreSQL refused. */
  async #load(next: Entries, pgSchemas: ReadonlySet<string>): Promise<Entries> {
    const isNew = (key: string): boolean => this.#entries.get(key) !== next.get(key);
    const drops = [...this.#entries]
      .filter(([key]) => isNew(key))
      .map(([, { table }]) => dropStatement(table));
    const emptied = [...this.#pgSchemas].filter((name) => !pgSchemas.has(name));
    const schemas = [...pgSchemas].filter((name) => !this.#pgSchemas.has(name));
    const prepare = [...drops, ...dropSchemas(emptied), ...schemas.flatMap(schemaStatements)];
    const created = [...next].filter(([key]) => isNew(key));
    const keys = foreignKeys(
      next,
      new Set(created.map(([, { table }]) => `${table.pgSchema}.${table.pgName}`)),
    );
    const creates = created.map(([, { table }]) => createStatements(table));
    try {
      await this.#oracle.load(asOwner([...prepare, ...creates.flat(), ...keys]));
      return next;
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      this.#logger.log('warn', 'the shadow is made table by table', { reason: error.message });
    }
    await this.#oracle.load(asOwner(prepare));
    const marked = new Map(next);
    for (const [key, entry] of created) {
      const refused = !(await this.#tryLoad(createStatements(entry.table), entry.table));
      marked.set(key, { ...entry, refused });
    }
    for (const key of keys) await this.#tryLoad([key]);
    return marked;
  }

  async #tryLoad(statements: readonly string[], table?: ShadowTable): Promise<boolean> {
    try {
      await this.#oracle.load(asOwner(statements));
      return true;
    } catch (error) {
      if (!(error instanceof PgError)) throw error;
      const what = table === undefined ? statements[0] : `${table.irisSchema}.${table.irisName}`;
      this.#logger.log('warn', 'left out of the PostgreSQL catalog', { what, reason: error.message });
      return false;
    }
  }

  #allStatements(): string[] {
    const shown = [...this.#entries].filter(([, { refused }]) => !refused);
    const schemas = [...this.#pgSchemas].filter((name) => name !== 'public');
    const tables = shown.flatMap(([, { table }]) => createStatements(table));
    const all = new Set(shown.map(([, { table }]) => `${table.pgSchema}.${table.pgName}`));
    return asOwner([...schemas.flatMap(schemaStatements), ...tables, ...foreignKeys(new Map(shown), all)]);
  }
}

function equalKeys(a: Entries, b: Entries): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

function dropSchemas(names: readonly string[]): string[] {
  return names.map((name) => `drop schema if exists "${name.replaceAll('"', '""')}" cascade`);
}

/** The keys that are missing once the tables of `made` (`schema.name`) are there: their own, and those that point to them. */
function foreignKeys(entries: Entries, made: ReadonlySet<string>): string[] {
  return [...entries.values()].flatMap(({ table, refused }) =>
    table.foreignKeys
      .filter(
        (key) =>
          !refused &&
          (made.has(`${table.pgSchema}.${table.pgName}`) ||
            made.has(`${key.targetSchema}.${key.targetTable}`)),
      )
      .map((key) => foreignKeyStatement(table, key)),
  );
}

/** An empty mirror; `refresh` fills it. One mirror for one oracle. */
export function createMirror(
  oracle: Pick<StartedOracle, 'load' | 'setShadow'>,
  options: MirrorOptions = {},
): Mirror {
  return new IrisMirror(oracle, options);
}
