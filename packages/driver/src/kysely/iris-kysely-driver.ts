import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { Session, SessionSource, SqlParameter } from '@iris-devtools/core';
import { savepointSql } from '../connection/transactions.js';
import { unsupported } from './iris-query-compiler.js';

/** Sessions of a source as Kysely's connections. */
export class IrisKyselyDriver implements Driver {
  readonly #source: SessionSource;

  constructor(source: SessionSource) {
    this.#source = source;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new IrisKyselyConnection(await this.#source.acquire());
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const { session } = ours(connection);
    if (settings.accessMode !== undefined)
      throw unsupported('access mode of a transaction', 'Leave accessMode out.');
    const level = settings.isolationLevel;
    if (level !== undefined) {
      if (level !== 'read uncommitted' && level !== 'read committed') {
        throw unsupported(`isolation level ${level}`, 'Use read uncommitted or read committed.');
      }
      await session.query(`SET TRANSACTION ISOLATION LEVEL ${level.toUpperCase()}`);
    }
    await session.begin();
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(connection).session.commit();
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return ours(connection).session.rollback();
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await ours(connection).session.query(savepointSql('SAVEPOINT', name));
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await ours(connection).session.query(savepointSql('ROLLBACK TO SAVEPOINT', name));
  }

  releaseSavepoint(): Promise<void> {
    return Promise.reject(unsupported('RELEASE SAVEPOINT', 'Savepoints end with their transaction.'));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return ours(connection).session.close();
  }

  destroy(): Promise<void> {
    return this.#source.close();
  }
}

class IrisKyselyConnection implements DatabaseConnection {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, columns, rowCount } = await this.session.query(query.sql, parametersOf(query));
    // What a row looks like is what the caller's table types say.
    const result = { rows: rows as R[] };
    return columns.length > 0 || rowCount < 0 ? result : { ...result, numAffectedRows: BigInt(rowCount) };
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize = 100): AsyncIterableIterator<QueryResult<R>> {
    let rows: R[] = [];
    for await (const row of this.session.stream(query.sql, parametersOf(query))) {
      rows.push(row as R);
      if (rows.length >= chunkSize) {
        yield { rows };
        rows = [];
      }
    }
    if (rows.length > 0) yield { rows };
  }
}

function ours(connection: DatabaseConnection): IrisKyselyConnection {
  if (connection instanceof IrisKyselyConnection) return connection;
  throw new TypeError('This connection belongs to another dialect');
}

/** The driver checks each value again and refuses what SQL has no form for. */
function parametersOf(query: CompiledQuery): SqlParameter[] {
  return query.parameters as SqlParameter[];
}
