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
import type { User } from '../users/user.js';
import type { Instance } from './instance.js';

/** One IRIS job: what a connection has of its own. SQL and globals share its transaction. */
export class IrisProcess {
  readonly id: number;
  readonly user: User;
  readonly instance: Instance;
  readonly globals: GlobalTransaction;
  readonly objects = new ObjectTable();
  #sql: SqlSession;

  private constructor(instance: Instance, user: User, sql: SqlSession) {
    this.id = instance.processes.nextId();
    this.user = user;
    this.instance = instance;
    this.globals = new GlobalTransaction(instance.globals);
    this.#sql = sql;
  }

  /** @param namespace one that exists */
  static async start(instance: Instance, user: User, namespace: string): Promise<IrisProcess> {
    const sql = await instance.sql.openSession({ user: user.name, namespace: namespace.toUpperCase() });
    return new IrisProcess(instance, user, sql);
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
    const sql = await this.instance.sql.openSession({ user: this.user.name, namespace });
    await sql.setAutocommit(this.#sql.autocommit);
    await this.#sql.close();
    this.#sql = sql;
  }

  /** Runs a statement; globals follow when it begins or ends a transaction. @throws IrisError with `sqlcode` */
  async execute(
    statement: PreparedSql,
    parameters: readonly EngineParameter[],
    options?: ExecuteOptions,
  ): Promise<SqlOutcome> {
    try {
      return await this.#sql.execute(statement, parameters, options);
    } finally {
      this.#followSql(statement);
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

  async #run(sql: string): Promise<void> {
    await this.execute(await this.#sql.prepare(sql), []);
  }

  #followSql(statement: PreparedSql): void {
    const inTransaction = this.#sql.transactionLevel > 0;
    if (inTransaction && this.globals.level === 0) this.globals.begin();
    if (inTransaction || this.globals.level === 0) return;
    if (this.instance.statementKind(statement.sql) === 'rollback') this.globals.rollbackAll();
    else this.globals.commitAll();
    this.#endLocks();
  }

  #endLocks(): void {
    this.instance.locks.endTransaction(this);
  }
}

function levelName(level: number): string {
  return `IRISLEVEL${level}`;
}
