import type { MessageInput } from '../wire/message-input.js';
import type { MessageOutput } from '../wire/message-output.js';
import type { NoticeFields } from '../messages/backend/notice-fields.js';
import type { FormatCode } from '../messages/format-codes.js';
import type { PgError } from '../pg-error.js';
import type { Statement } from '../statement/statement.js';
import type { Cancellation } from './cancellation.js';
import type { Cursor } from './cursor.js';
import type { Execution } from './execution.js';
import type { SessionServices } from './services.js';
import type { Settings } from './settings.js';
import type { Transaction } from './transaction.js';

export interface PreparedStatement {
  readonly name: string;
  readonly statement: Statement;
  /** OIDs as the client fixed them, for compiling again when the catalog changed. */
  readonly givenOids: readonly number[];
  readonly catalogVersion: number;
}

/** A statement with its parameters, ready to run or running. */
export interface Portal {
  readonly name: string;
  readonly statement: Statement;
  readonly parameters: readonly (Uint8Array | null)[];
  readonly parameterFormats: readonly FormatCode[];
  readonly resultFormats: readonly FormatCode[];
  /** Set by the first Execute, gone when the rows are used up. */
  execution: Execution | undefined;
  finished: boolean;
}

/** One logged-in client: everything that PostgreSQL would keep in a backend process. */
export interface Client {
  readonly services: SessionServices;
  readonly user: string;
  readonly database: string;
  readonly processId: number;
  readonly settings: Settings;
  readonly transaction: Transaction;
  readonly input: MessageInput;
  readonly output: MessageOutput;
  readonly statements: Map<string, PreparedStatement>;
  readonly portals: Map<string, Portal>;
  /** SQL cursors, by name. */
  readonly cursors: Map<string, Cursor>;
  /** Stops what runs now. */
  cancellation: Cancellation | undefined;
  /** DDL ran in the open transaction, so its rollback changes the catalog too. */
  catalogTouched: boolean;
  /** Waits for a message outside a transaction block. */
  idle: boolean;
  /** The server wants to stop; the error that tells this client so as soon as it is between transactions. */
  shutdown: PgError | undefined;
}

const SEVERITY_ORDER = ['DEBUG', 'LOG', 'INFO', 'NOTICE', 'WARNING'];

/** Sends a NoticeResponse, unless client_min_messages asks for more severe ones only. */
export function notice(client: Client, fields: Omit<NoticeFields, 'sqlstate'> & { sqlstate?: string }): void {
  const least = (client.settings.get('client_min_messages') ?? 'notice').toUpperCase();
  if (least === 'ERROR') return;
  if (SEVERITY_ORDER.indexOf(fields.severity) < SEVERITY_ORDER.indexOf(least)) return;
  client.output.send({ kind: 'NoticeResponse', fields: { sqlstate: '00000', ...fields } });
}

export function warn(client: Client, sqlstate: string, message: string): void {
  notice(client, { severity: 'WARNING', sqlstate, message });
}
