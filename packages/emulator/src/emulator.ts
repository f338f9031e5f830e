import type { Column } from '@iris-devtools/core';
import type { EmulatorFaults } from './faults/emulator-faults.js';
import type { EngineParameter, EngineValue, SqlSession } from './engine/engine.js';
import type { User, UserChanges } from './users/user.js';

/** The accounts of a running emulator. Names are compared without case. */
export interface EmulatorUsers {
  list(): readonly User[];
  get(name: string): User | undefined;
  /** @throws IrisError IRIS_STATE when the name is taken, IRIS_VALUE when it cannot be a name */
  create(name: string, changes?: UserChanges): Promise<User>;
  /** @throws IrisError IRIS_STATE without such a user */
  modify(name: string, changes: UserChanges): Promise<User>;
  /** @throws IrisError IRIS_STATE without such a user */
  delete(name: string): Promise<void>;
  /** Ends "must change password" for one user or all (`*`); returns how many it concerned. */
  unexpire(name: string): Promise<number>;
}

export interface SqlHelperResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly EngineValue[])[];
  readonly rowCount: number;
}

export interface RestartOptions {
  /** Begin with an empty instance. Only for an emulator in memory. */
  readonly loseData?: boolean;
}

/** A running stand-in for IRIS. It is not IRIS. */
export interface Emulator extends AsyncDisposable {
  readonly host: string;
  /** The SuperServer port, as really bound. */
  readonly port: number;
  /** `iris://user:password@host:port/USER` of the account that was asked for. */
  readonly url: string;
  /** As clients get it at login. */
  readonly version: string;
  readonly users: EmulatorUsers;
  readonly faults: EmulatorFaults;
  /** Lines of the instance's messages.log, the latest 1,000. */
  readonly messages: readonly string[];
  /** Base of the URLs of web applications; `undefined` without `webPort`. */
  readonly webUrl: string | undefined;
  /** Lines of WSGI.log, the latest 1,000: what Python applications print and why they failed. */
  readonly webLog: readonly string[];
  readonly connectionCount: number;
  /**
   * Path of a stand-in for IRIS's `irispython`, for processes of this machine; `undefined` unless the option asked for it.
   * It logs in with IRISUSERNAME, IRISPASSWORD and IRISNAMESPACE, and only while %Service_CallIn is enabled.
   */
  readonly irispython: string | undefined;
  /** Opens a session without a socket. The caller closes it. */
  openSession(options?: { readonly user?: string; readonly namespace?: string }): Promise<SqlSession>;
  /** Runs one statement as _SYSTEM in namespace USER. @throws IrisError with `sqlcode` */
  sql(text: string, parameters?: readonly EngineParameter[]): Promise<SqlHelperResult>;
  /** Switches a service on or off, `%Service_CallIn` for instance. @throws IrisError IRIS_STATE without such a service */
  setService(name: string, enabled: boolean): Promise<void>;
  /** Ends all connections and open transactions and comes back on the same port. */
  restart(options?: RestartOptions): Promise<void>;
  /** Lets running requests finish, up to `graceMs` (default 5,000), and closes everything. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}
