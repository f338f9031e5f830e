import type { EmulatorLimits } from './limits.js';
import type { PageSize } from './row-page.js';

/**
 * Fast select, a denser form of rows that clients ask for at login.
 * - `on`: used for clients that ask.
 * - `off`: granted, but no statement uses it; clients still get the prefix that they expect.
 * - `reversed`: used, with the values of a row in reverse order, which a client must sort out by the slots.
 * - `refused`: not granted. The Go and Rust drivers do not understand replies then.
 */
export type FastSelectMode = 'on' | 'off' | 'reversed' | 'refused';

/** How the server side of the protocol behaves. */
export interface ServerSettings {
  readonly limits: EmulatorLimits;
  readonly pageSize: PageSize;
  readonly fastSelect: FastSelectMode;
  /** `"x"` is an identifier (true) or a string literal. */
  readonly delimitedIdentifiers: boolean;
  /**
   * A fetch after the last page. A real server never answers (seen by a user of the Go driver), which hangs the client;
   * `refuse` answers SQLCODE -464 so that the mistake shows at once.
   */
  readonly fetchAfterEnd: 'refuse' | 'hang';
}
