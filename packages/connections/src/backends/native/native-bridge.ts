/**
 * The bridge program of the backend `native`: a session through the official addon, driven by messages on standard input.
 * In a process of its own because every call of the addon blocks the thread that makes it, and only the end of a process
 * stops one.
 */
import { Socket } from 'node:net';
import { encodeJsonFrame, JsonFrameReader } from '@iris-devtools/core';
import type {
  BridgeReply,
  BridgeRequest,
  BridgeValue,
  ExecuteAnswer,
  RowsAnswer,
} from '../bridge/messages.js';
import type { Addon, AddonConnection, AddonIris } from './addon.js';
import { NativeStatement, scalarText, SqlFailure, type NativeResult } from './native-statement.js';

interface Hello {
  readonly addon: string;
  readonly host: string;
  readonly port: number;
  readonly ns: string;
  readonly user: string;
  readonly pwd: string;
  readonly sharedmemory: boolean;
}

class NativeBridge {
  readonly #connection: AddonConnection;
  readonly #iris: AddonIris;
  readonly #statements = new Map<number, NativeStatement>();
  readonly #cursors = new Map<number, NativeResult>();
  #lastId = 0;
  level = 0;

  constructor({ addon, ...login }: Hello) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- found only at run time, an optional peer
    this.#connection = (require(addon) as Addon).createConnection(login);
    this.#iris = this.#connection.createIris();
  }

  get version(): string {
    return scalarText(this.#iris.classMethodValue('%SYSTEM.Version', 'GetVersion'));
  }

  run(request: BridgeRequest): unknown {
    switch (request.op) {
      case 'prepare':
        return this.#prepare(request.sql);
      case 'execute':
        return this.#execute(request);
      case 'executeMany':
        return this.#executeMany(request.sql, request.sets);
      case 'fetch':
        return this.#take(request.cursor, request.count);
      case 'closeCursor':
        return this.#forget(this.#cursors, request.cursor);
      case 'closeStatement':
        return this.#forget(this.#statements, request.statement);
      default:
        return this.#transaction(request.op);
    }
  }

  close(): void {
    this.#connection.close();
  }

  #prepare(sql: string): unknown {
    const prepared = new NativeStatement(this.#iris, sql);
    const statement = ++this.#lastId;
    this.#statements.set(statement, prepared);
    return { statement, columns: prepared.columns, parameterCount: prepared.parameterCount };
  }

  #execute({
    sql = '',
    statement,
    parameters,
    count,
  }: Extract<BridgeRequest, { op: 'execute' }>): ExecuteAnswer {
    const known = statement === undefined ? undefined : this.#statements.get(statement);
    if (statement !== undefined && known === undefined) throw new Error('This statement was closed');
    const prepared = known ?? new NativeStatement(this.#iris, sql);
    try {
      const result = prepared.execute(parameters);
      const { columns } = result;
      if (columns.length === 0) {
        const { rowCount } = result;
        result.close();
        // Only such a statement begins or ends a transaction.
        this.level = this.#iris.getTLevel();
        return { columns, rows: [], cursor: null, rowCount };
      }
      const cursor = ++this.#lastId;
      this.#cursors.set(cursor, result);
      return { columns, rowCount: -1, ...this.#take(cursor, count) };
    } finally {
      if (known === undefined) prepared.close();
    }
  }

  #executeMany(sql: string, sets: readonly (readonly BridgeValue[])[]): { rowCount: number } {
    const prepared = new NativeStatement(this.#iris, sql);
    try {
      let rowCount = 0;
      for (const parameters of sets) {
        const result = prepared.execute(parameters);
        rowCount += Math.max(0, result.rowCount);
        result.close();
      }
      return { rowCount };
    } finally {
      prepared.close();
      this.level = this.#iris.getTLevel();
    }
  }

  #take(cursor: number, count: number): RowsAnswer {
    const result = this.#cursors.get(cursor);
    if (result === undefined) throw new Error('This cursor was closed');
    const rows: BridgeValue[][] = [];
    while (rows.length < count) {
      const row = result.next();
      if (row === undefined) {
        this.#forget(this.#cursors, cursor);
        return { rows, cursor: null };
      }
      rows.push(row);
    }
    return { rows, cursor };
  }

  #forget(table: Map<number, { close(): void }>, id: number): null {
    table.get(id)?.close();
    table.delete(id);
    return null;
  }

  #transaction(op: 'begin' | 'commit' | 'rollback'): null {
    if (op === 'begin') this.#iris.tStart();
    else if (op === 'rollback') this.#iris.tRollback();
    else for (let level = this.#iris.getTLevel(); level > 0; level -= 1) this.#iris.tCommit();
    this.level = this.#iris.getTLevel();
    return null;
  }
}

/** Answers leave on a descriptor of their own: the addon prints to standard output. */
const ANSWERS_FD = 3;

function failure(error: unknown, level: number): BridgeReply {
  const message = error instanceof Error ? error.message : String(error);
  return { error: error instanceof SqlFailure ? { message, sqlcode: error.sqlcode } : { message }, level };
}

function main(): void {
  let bridge: NativeBridge | undefined;
  const answers = new Socket({ fd: ANSWERS_FD, readable: false });
  const send = (reply: BridgeReply): void => {
    answers.write(encodeJsonFrame(reply));
  };
  const reader = new JsonFrameReader(
    (message) => {
      try {
        if (bridge === undefined) {
          bridge = new NativeBridge(message as Hello);
          send({ result: bridge.version, level: 0 });
          return;
        }
        const result = bridge.run(message as BridgeRequest);
        send({ result, level: bridge.level });
      } catch (error) {
        send(failure(error, bridge?.level ?? 0));
      }
    },
    () => process.exit(1),
  );
  process.stdin.on('data', (chunk: Buffer) => {
    reader.push(chunk);
  });
  process.stdin.on('end', () => {
    bridge?.close();
    process.exit(0);
  });
}

main();
