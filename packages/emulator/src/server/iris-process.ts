import { sqlError } from '@iris-devtools/core';
import { GlobalTransaction } from '../globals/global-transaction.js';
import { ObjectTable } from '../classes/object-table.js';
import { nativeError } from '../classes/native-error.js';
import type {
  EngineParameter,
  ExecuteOptions,
  PreparedSql,
  SqlOutcome,
  SqlSession,
} from '../engine/engine.js';
import type { LockMode, LockName } from '../globals/lock-table.js';
import type { Statement } from '../sql/ast.js';
import { holdsAllRights } from '../users/sql-accounts.js';
import { ALL_ROLE } from '../users/user.js';
import type { User } from '../users/user.js';
import type { Instance } from './instance.js';

/** One IRIS job: what a connection has of its own. SQL and globals share its transaction. */
export class IrisProcess {
  readonly id: number;
  readonly user: User;
  readonly instance: Instance;
  readonly globals: GlobalTransaction;
  readonly objects = new ObjectTable();
  /** How SQL of embedded Python shows dates and times, see `SELECT_MODE`; set by `%SYSTEM.SQL`. */
  selectMode = 0;
  #sql: SqlSession;
  /** The request at work is to end; a statement that it has not begun yet must not begin. */
  #interrupted = false;

  private constructor(instance: Instance, user: User, sql: SqlSession) {
    this.id = instance.processes.nextId();
    this.user = user;
    this.instance = instance;
    this.globals = new GlobalTransaction(instance.globals);
    this.#sql = sql;
  }

  /** @param namespace one that exists */
  static async start(instance: Instance, user: User, namespace: string): Promise<IrisProcess> {
    return new IrisProcess(instance, user, await openSqlSession(instance, user, namespace));
  }

  get namespace(): string {
    return this.#sql.namespace;
  }

  get sql(): SqlSession {
    return this.#sql;
  }

  /** @throws IrisError `<NAMESPACE>` for an unknown one, and inside a transaction, whose SQL part cannot move along */
  async setNamespace(name: string): Promise<void> {
    const namespace = name.toUpperCase();
    if (namespace === this.namespace) return;
    if (!this.instance.namespaces.has(namespace)) throw nativeError('NAMESPACE', namespace);
    if (this.transactionLevel > 0) {
      throw nativeError('NAMESPACE', namespace, 'End the transaction before changing the namespace.');
    }
    const sql = await openSqlSession(this.instance, this.user, namespace);
    await sql.setAutocommit(this.#sql.autocommit);
    await this.#sql.close();
    this.#sql = sql;
  }

  /** A new request begins: what was to be interrupted is over. */
  beginRequest(): void {
    this.#interrupted = false;
  }

  /** Ends the request at work with SQLCODE -456, a statement that runs or is about to. */
  interrupt(): void {
    this.#interrupted = true;
    this.#sql.cancel();
  }

  /** Runs a statement; globals follow when it begins or ends a transaction. @throws IrisError with `sqlcode` */
  async execute(
    statement: PreparedSql,
    parameters: readonly EngineParameter[],
    options?: ExecuteOptions,
  ): Promise<SqlOutcome> {
    this.#expectNotInterrupted();
    try {
      return await this.#sql.execute(statement, parameters, options);
    } finally {
      await this.#followSql(statement);
    }
  }

  /** Runs an INSERT, UPDATE or DELETE for many sets of parameters, all or none. @throws IrisError with `sqlcode` */
  async executeBatch(
    statement: PreparedSql,
    sets: readonly (readonly EngineParameter[])[],
    options?: ExecuteOptions,
  ): Promise<SqlOutcome> {
    this.#expectNotInterrupted();
    try {
      return await this.#sql.executeBatch(statement, sets, options);
    } finally {
      await this.#followSql(statement);
    }
  }

  /** $TLEVEL */
  get transactionLevel(): number {
    return Math.max(this.globals.level, this.#sql.transactionLevel);
  }

  /** TSTART */
  async begin(): Promise<void> {
    if (this.globals.level === 0) {
      // The globals follow, see `#followSql`.
      await this.#run('START TRANSACTION');
      return;
    }
    await this.#run(`SAVEPOINT ${levelName(this.globals.level + 1)}`);
    this.globals.begin();
  }

  /** COMMIT of SQL: all levels. */
  async commit(): Promise<void> {
    await this.#sql.commit();
    this.globals.commitAll();
    this.#endLocks();
  }

  /** TCOMMIT of one level. */
  async commitOne(): Promise<void> {
    if (this.transactionLevel === 0)
      throw nativeError('COMMAND', undefined, 'There is no transaction to commit.');
    if (this.globals.level > 1) this.globals.commit();
    else await this.commit();
  }

  /** TROLLBACK: all levels. Without a transaction nothing happens. */
  async rollback(): Promise<void> {
    await this.#sql.rollback();
    this.globals.rollbackAll();
    this.#endLocks();
  }

  /** TROLLBACK 1 */
  async rollbackOne(): Promise<void> {
    const { level } = this.globals;
    if (level <= 1) return this.rollback();
    await this.#run(`ROLLBACK TO SAVEPOINT ${levelName(level)}`);
    this.globals.rollbackOne();
  }

  lock(name: LockName, mode: LockMode, timeoutMs: number | undefined): Promise<boolean> {
    return this.instance.locks.lock(this, name, mode, timeoutMs);
  }

  /** Inside a transaction IRIS keeps a lock until its end unless told `immediately`. */
  unlock(name: LockName, mode: LockMode, immediately: boolean): void {
    this.instance.locks.unlock(this, name, mode, !immediately && this.transactionLevel > 0);
  }

  releaseAllLocks(): void {
    this.instance.locks.releaseAll(this);
  }

  /** Ends the job: rolls back what is open and frees its locks. */
  async close(): Promise<void> {
    this.releaseAllLocks();
    this.globals.rollbackAll();
    this.objects.clear();
    await this.#sql.close();
  }

  #expectNotInterrupted(): void {
    if (this.#interrupted) throw sqlError(-456, ' SQL query execution interrupted by user');
  }

  async #run(sql: string): Promise<void> {
    await this.execute(await this.#sql.prepare(sql), []);
  }

  /** What a statement did to the transaction or the namespaces holds for the rest of the process, too. */
  async #followSql(statement: PreparedSql): Promise<void> {
    const inTransaction = this.#sql.transactionLevel > 0;
    if (inTransaction && this.globals.level === 0) this.globals.begin();
    if (statement.kind !== 'other') return;
    const parsed = this.instance.parse(statement.sql);
    if (!inTransaction && this.globals.level > 0) {
      if (parsed.kind === 'rollback') this.globals.rollbackAll();
      else this.globals.commitAll();
      this.#endLocks();
    }
    await this.#followNamespaces(parsed);
  }

  /** CREATE DATABASE and DROP DATABASE make and delete a namespace. */
  async #followNamespaces(statement: Statement): Promise<void> {
    const { namespaces, globals } = this.instance;
    if (statement.kind === 'create-database' && !namespaces.has(statement.database.name)) {
      await namespaces.create(statement.database.name);
    }
    if (statement.kind === 'drop-database' && namespaces.isCreated(statement.database.name)) {
      await namespaces.delete(statement.database.name);
      globals.dropNamespace(statement.database.name);
    }
  }

  #endLocks(): void {
    this.instance.locks.endTransaction(this);
  }
}

async function openSqlSession(instance: Instance, user: User, namespace: string): Promise<SqlSession> {
  // The engine knows rights by name. Who got all rights from a web application for one request works as the one who has them.
  const isElevated = user.roles.includes(ALL_ROLE) && !holdsAllRights(instance.users, user.name);
  const name = isElevated ? SYSTEM_USER : user.name;
  const session = await instance.sql.openSession({ user: name, namespace: namespace.toUpperCase() });
  if (!instance.delimitedIdentifiers) {
    const option = await session.prepare('SET OPTION SUPPORT_DELIMITED_IDENTIFIERS = FALSE');
    await session.execute(option, []);
  }
  return session;
}

const SYSTEM_USER = '_SYSTEM';

function levelName(level: number): string {
  return `IRISLEVEL${level}`;
}
