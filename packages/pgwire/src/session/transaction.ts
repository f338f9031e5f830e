import type { Clock, Session, SessionSource } from '@iris-devtools/core';
import type { TransactionStatus } from '../messages/backend/ready-for-query.js';
import { PgError } from '../pg-error.js';
import type { Settings, SettingsSnapshot } from './settings.js';

interface Savepoint {
  readonly name: string;
  /** `undefined`: set before the transaction touched IRIS, so going back to it undoes all that IRIS did. */
  irisName: string | undefined;
  readonly settings: SettingsSnapshot;
}

/** IRIS has these two; PostgreSQL's others cannot be had. */
export type IsolationLevel = 'read uncommitted' | 'read committed';

export interface TransactionModes {
  readonly readOnly: boolean;
  readonly isolation: IsolationLevel;
}

/**
 * - `none`: every statement is its own transaction.
 * - `implicit`: the statements of one Query message, or of one extended query up to Sync, stand or fall together.
 * - `block`: BEGIN was given.
 */
type Block = 'none' | 'implicit' | 'block';

/** Given back as soon as the work on it ended. */
export interface Lease {
  readonly session: Session;
  release(): Promise<void>;
}

/**
 * The client's transaction. IRIS is touched late: a block holds an IRIS session from its first data statement to its
 * end, and gives it back at once when it fails, so that idle clients hold none.
 */
export class Transaction {
  readonly #source: SessionSource;
  readonly #settings: Settings;
  readonly #clock: Clock;
  #block: Block = 'none';
  #failed = false;
  #modes: TransactionModes = { readOnly: false, isolation: 'read uncommitted' };
  #session: Session | undefined;
  #savepoints: Savepoint[] = [];
  /** Sessions whose isolation level is not IRIS's own. */
  readonly #raised = new WeakSet<Session>();
  #savepointCount = 0;
  #startedAt: Date | undefined;
  /** A rollback on IRIS that the client does not wait for yet. */
  #abandoning: Promise<void> | undefined;
  #atBegin: SettingsSnapshot | undefined;

  constructor(source: SessionSource, settings: Settings, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
    this.#settings = settings;
  }

  get status(): TransactionStatus {
    if (this.#block !== 'block') return 'I';
    return this.#failed ? 'E' : 'T';
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** When the transaction began, or now if there is none: what `now()` shows. */
  get startedAt(): Date {
    return this.#startedAt ?? new Date(this.#clock.now());
  }

  /** Does the next statement belong to a transaction that is open already? */
  get open(): boolean {
    return this.#block !== 'none';
  }

  get inBlock(): boolean {
    return this.#block === 'block';
  }

  /** Of the open transaction, or those that the next one begins with. */
  get modes(): TransactionModes {
    if (this.#block !== 'none') return this.#modes;
    return {
      readOnly: this.#settings.get('default_transaction_read_only') === 'on',
      isolation:
        this.#settings.get('default_transaction_isolation') === 'read committed'
          ? 'read committed'
          : 'read uncommitted',
    };
  }

  /** @throws PgError 25001 for another isolation level once IRIS was asked for something */
  set modes(modes: TransactionModes) {
    if (this.#session !== undefined && modes.isolation !== this.#modes.isolation) {
      throw new PgError({
        sqlstate: '25001',
        message: 'SET TRANSACTION ISOLATION LEVEL must be called before any query',
      });
    }
    this.#modes = modes;
  }

  /** Refuses everything but the end of a failed block. @throws PgError 25P02 */
  requireNotFailed(): void {
    if (!this.#failed) return;
    throw new PgError({
      sqlstate: '25P02',
      message: 'current transaction is aborted, commands ignored until end of transaction block',
    });
  }

  /** @returns false when a block was open already; then nothing changes but the warning that is due */
  begin(modes: TransactionModes): boolean {
    if (this.#block === 'block') return false;
    this.#open('block', modes);
    return true;
  }

  beginImplicit(): void {
    if (this.#block === 'none') this.#open('implicit', this.modes);
  }

  /** IRIS for one piece of work: the transaction's session, or one for this work alone. */
  async lease(signal?: AbortSignal): Promise<Lease> {
    if (this.#block === 'none') {
      const session = await this.#acquire(signal);
      return { session, release: () => this.#giveBack(session) };
    }
    if (this.#session?.open === false) {
      throw new PgError({
        sqlstate: '08006',
        message: 'the connection to IRIS was lost inside a transaction',
      });
    }
    this.#session ??= await this.#beginOnIris(signal);
    return { session: this.#session, release: () => Promise.resolve() };
  }

  /** @returns false when the block had failed, so that it was rolled back instead */
  async commit(): Promise<boolean> {
    if (this.#failed) {
      await this.rollback();
      return false;
    }
    const session = this.#session;
    this.#session = undefined;
    try {
      if (session !== undefined) await session.commit();
      this.#settings.endTransaction();
    } catch (error) {
      this.#restore();
      throw error;
    } finally {
      this.#close();
      if (session !== undefined) await this.#giveBack(session);
    }
    return true;
  }

  async rollback(): Promise<void> {
    this.#restore();
    this.#close();
    // Once the client hears that it was rolled back, nothing of it may be seen any more.
    await this.#abandoning;
    this.#abandoning = undefined;
    await this.#abandonSession();
  }

  /** A statement failed: without a block its transaction ends, within one only ROLLBACK (TO) leads out. */
  async fail(): Promise<void> {
    if (this.#block === 'none') return;
    if (this.#block === 'implicit') {
      await this.rollback();
      return;
    }
    this.#failed = true;
    // PostgreSQL, too, gives up its locks at the error and not at ROLLBACK, unless a savepoint may still recover it.
    if (this.#savepoints.length === 0) await this.#abandonSession();
  }

  async savepoint(name: string): Promise<void> {
    const savepoint: Savepoint = { name, irisName: undefined, settings: this.#settings.snapshot() };
    if (this.#session !== undefined) await this.#markOnIris(savepoint, this.#session);
    this.#savepoints.push(savepoint);
  }

  /** IRIS cannot drop a savepoint; forgetting the name has the same effect. @throws PgError 3B001 */
  release(name: string): void {
    this.#savepoints.length = this.#find(name);
  }

  /** @throws PgError 3B001 */
  async rollbackTo(name: string): Promise<void> {
    const index = this.#find(name);
    this.#savepoints.length = index + 1;
    const savepoint = this.#savepoints[index];
    if (savepoint === undefined) return;
    this.#settings.restore(savepoint.settings);
    if (savepoint.irisName === undefined) await this.#abandonSession();
    else if (this.#session !== undefined) {
      await this.#session.query(`ROLLBACK TO SAVEPOINT ${savepoint.irisName}`);
      // IRIS drops the savepoint that it went back to; PostgreSQL keeps it.
      await this.#markOnIris(savepoint, this.#session);
    }
    this.#failed = false;
  }

  /** The client is gone. */
  async dispose(): Promise<void> {
    this.#close();
    await this.#abandoning;
    await this.#abandonSession();
  }

  #open(block: Block, modes: TransactionModes): void {
    // BEGIN after other statements of the same Query takes them into the block.
    if (this.#block === 'none') {
      this.#atBegin = this.#settings.snapshot();
      this.#startedAt = new Date(this.#clock.now());
    }
    this.#block = block;
    this.#modes = modes;
  }

  #close(): void {
    this.#block = 'none';
    this.#failed = false;
    this.#savepoints = [];
    this.#atBegin = undefined;
    this.#startedAt = undefined;
  }

  #restore(): void {
    if (this.#atBegin !== undefined) this.#settings.restore(this.#atBegin);
  }

  async #beginOnIris(signal: AbortSignal | undefined): Promise<Session> {
    const session = await this.#acquire(signal);
    try {
      await session.begin();
    } catch (error) {
      await this.#giveBack(session);
      throw error;
    }
    return session;
  }

  async #acquire(signal: AbortSignal | undefined): Promise<Session> {
    const { isolation } = this.modes;
    const session = await this.#source.acquire(signal);
    if (isolation === 'read uncommitted') return session;
    this.#raised.add(session);
    try {
      await session.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    } catch (error) {
      await this.#giveBack(session);
      throw error;
    }
    return session;
  }

  /** The level outlives the transaction in IRIS; the next user of the session expects IRIS's own. */
  async #giveBack(session: Session): Promise<void> {
    try {
      if (this.#raised.has(session) && session.open) {
        await session.query('SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED');
      }
    } finally {
      await session.close();
    }
  }

  async #abandonSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    // Savepoints that lived in that session are as good as never set on IRIS.
    for (const savepoint of this.#savepoints) savepoint.irisName = undefined;
    if (session === undefined) return;
    try {
      if (session.open) await session.rollback();
    } catch (error) {
      // A connection that is lost has been rolled back by IRIS itself.
      if (session.open) throw error;
    } finally {
      await this.#giveBack(session);
    }
  }

  /** As `fail`, for a statement that was cancelled: IRIS may be busy for a while yet, and the client need not wait. */
  async failCancelled(onError: (error: unknown) => void): Promise<void> {
    if (this.#block !== 'block' || this.#savepoints.length > 0) {
      await this.fail();
      return;
    }
    this.#failed = true;
    this.#abandoning = this.#abandonSession().catch(onError);
  }

  /** Names of our own, because PostgreSQL lets a name hide an equal one and come back, and IRIS does not. */
  async #markOnIris(savepoint: Savepoint, session: Session): Promise<void> {
    this.#savepointCount += 1;
    const irisName = `pgwire${this.#savepointCount}`;
    await session.query(`SAVEPOINT ${irisName}`);
    savepoint.irisName = irisName;
  }

  #find(name: string): number {
    const index = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
    if (index === -1) {
      throw new PgError({ sqlstate: '3B001', message: `savepoint "${name}" does not exist` });
    }
    return index;
  }
}
