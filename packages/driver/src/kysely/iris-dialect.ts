import {
  DialectAdapterBase,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type MigrationLockOptions,
  type QueryCompiler,
  sql,
} from 'kysely';
import type { SessionSource } from '@iris-devtools/core';
import type { IrisConnectionOptions } from '../options/option-table.js';
import { IrisIntrospector } from './iris-introspector.js';
import { IrisKyselyDriver } from './iris-kysely-driver.js';
import { IrisQueryCompiler } from './iris-query-compiler.js';
import { ReusingSource } from './session-reuse.js';

/** Where connections come from: a pool (any SessionSource), or one connection after the other by a URL or options. */
export type IrisDialectConfig =
  { readonly source: SessionSource } | { readonly connection: string | URL | IrisConnectionOptions };

/**
 * Kysely on InterSystems IRIS: `new Kysely<Database>({ dialect: new IrisDialect({ connection: 'iris://...' }) })`.
 * The server must have delimited identifiers on, which is its default.
 */
export class IrisDialect implements Dialect {
  readonly #config: IrisDialectConfig;

  constructor(config: IrisDialectConfig) {
    this.#config = config;
  }

  createDriver(): Driver {
    return new IrisKyselyDriver(
      'source' in this.#config ? this.#config.source : new ReusingSource(this.#config.connection),
    );
  }

  createQueryCompiler(): QueryCompiler {
    return new IrisQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new IrisAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new IrisIntrospector(db);
  }
}

class IrisAdapter extends DialectAdapterBase {
  override get supportsCreateIfNotExists(): boolean {
    return true;
  }

  /** DDL can run in a transaction, but commits on its own on some versions, so migrations do not rely on it. */
  override get supportsTransactionalDdl(): boolean {
    return false;
  }

  override get supportsReturning(): boolean {
    return false;
  }

  override async acquireMigrationLock(db: Kysely<unknown>, options: MigrationLockOptions): Promise<void> {
    await sql`LOCK TABLE ${sql.table(options.lockTable)} IN EXCLUSIVE MODE`.execute(db);
  }

  override async releaseMigrationLock(db: Kysely<unknown>, options: MigrationLockOptions): Promise<void> {
    await sql`UNLOCK TABLE ${sql.table(options.lockTable)} IN EXCLUSIVE MODE`.execute(db);
  }
}
