import type { Clock, Logger, Session, SessionSource } from '@iris-devtools/core';
import type { Oracle } from '../oracle/oracle.js';
import type { StartedOracle } from '../oracle/start-oracle.js';
import type { PgError } from '../pg-error.js';
import type { MirrorCatalog, Translate } from '../sql/plan.js';
import type { StatementCache } from '../statement/statement-cache.js';
import type { QueryStatement } from '../statement/statement.js';

/** IRIS's catalog as PostgreSQL sees it. */
export interface CatalogMirror {
  readonly catalog: MirrorCatalog;
  /** Reads IRIS's catalog again and brings the oracle's shadow tables into line. */
  refresh(session: Session): Promise<void>;
  /** The same, when the last time is some seconds ago; never throws. */
  freshen(source: SessionSource): Promise<void>;
}

/** What every session of a server shares. */
export interface SessionServices {
  readonly oracle: Oracle & Pick<StartedOracle, 'checkSetting'>;
  readonly mirror: CatalogMirror;
  readonly translate: Translate;
  /** Total: every error becomes one that a PostgreSQL client understands. */
  readonly toPgError: (error: unknown) => PgError;
  readonly source: SessionSource;
  readonly statementCache: StatementCache<QueryStatement>;
  readonly catalogRelations: ReadonlySet<string>;
  readonly clock: Clock;
  readonly logger: Logger;
}
