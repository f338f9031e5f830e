import type { Clock, Logger } from '@iris-devtools/core';
import type { EmulatorLimits } from './server/limits.js';
import type { PageSize } from './server/row-page.js';
import type { ServerSettings } from './server/server-settings.js';
import type { TlsOptions } from './server/listener.js';
import type { IrisVersion } from './server/iris-version.js';
import type { AuthenticatorOptions } from './users/authenticator.js';
import type { InitialUser } from './users/predefined-users.js';

/** Settings of {@link startEmulator}. Everything has a default that suits a test. */
export interface EmulatorOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free port. IRIS's own is 1972. */
  readonly port?: number;
  /** `memory` (default), or a directory that keeps everything between starts. */
  readonly data?: string;
  /** The account that `url` names; created with all rights when it does not exist. Default `_SYSTEM`. */
  readonly user?: string;
  /** Its password, and at the first start that of the predefined accounts. Default `SYS`. */
  readonly password?: string;
  /** More accounts; existing ones get what is given here. */
  readonly users?: readonly InitialUser[];
  /** Predefined accounts must change their password at the first login, as in IRIS's images. Default false. */
  readonly expiredPasswords?: boolean;
  /** Created beside %SYS and USER. */
  readonly namespaces?: readonly string[];
  /** Default `latest`. */
  readonly irisVersion?: IrisVersion;
  /** Default `on`. */
  readonly fastSelect?: ServerSettings['fastSelect'];
  /** Default 1,000 rows or 256 KiB, whichever is less. */
  readonly pageSize?: Partial<PageSize>;
  /** `"x"` is an identifier. Default true. */
  readonly delimitedIdentifiers?: boolean;
  /** Default `refuse`; `hang` is what a real server does. */
  readonly fetchAfterEnd?: ServerSettings['fetchAfterEnd'];
  readonly limits?: Partial<EmulatorLimits>;
  /** Delays and limits for wrong passwords. */
  readonly authentication?: Partial<AuthenticatorOptions>;
  /** Absent: TCP without TLS. */
  readonly tls?: TlsOptions;
  /** Serves Python applications of Security.Applications; 0: any free port. IRIS's own is 52773. Default: none are served. */
  readonly webPort?: number;
  /** Interpreter of these applications and of `irispython`. Default `python3`. */
  readonly python?: string;
  /** Offers an `irispython` program whose `import iris` attaches to the emulator, see `Emulator.irispython`. Default false. */
  readonly irispython?: boolean;
  /** Silent by default. */
  readonly logger?: Logger;
  readonly clock?: Clock;
}
