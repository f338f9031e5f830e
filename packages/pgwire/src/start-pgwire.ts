import { silentLogger } from '@iris-devtools/core';
import type { SessionSource } from '@iris-devtools/core';
import { loadModule } from 'libpg-query';
import { createMirror } from './mirror/mirror.js';
import { startOracle } from './oracle/start-oracle.js';
import type { StartedOracle } from './oracle/start-oracle.js';
import { DEFAULTS } from './server/pgwire-options.js';
import type { PgwireOptions } from './server/pgwire-options.js';
import { clockOf, listen } from './server/pgwire-server.js';
import type { PgwireServer } from './server/pgwire-server.js';
import type { CatalogMirror, SessionServices } from './session/services.js';
import { toPgError } from './sql/errors.js';
import { translate } from './sql/translate.js';
import { StatementCache } from './statement/statement-cache.js';

/** Text of cached statements, all together. */
const MAX_CACHED_CHARACTERS = 16 * 1024 * 1024;

/**
 * Starts a PostgreSQL server in front of IRIS: reads IRIS's catalog, then listens.
 * @throws IrisError IRIS_OPTION for options that cannot be used, IRIS_IO when the port is taken, and what the source throws
 */
export async function startPgwire(options: PgwireOptions): Promise<PgwireServer> {
  const logger = options.logger ?? silentLogger;
  const serverVersion = options.serverVersion ?? DEFAULTS.serverVersion;
  await loadModule();
  const { cacheDir, publicSchema } = options;
  const oracle = await startOracle({
    serverVersion,
    logger,
    ...(cacheDir === undefined ? {} : { cacheDir }),
  });
  try {
    const mirror = createMirror(oracle, { logger, ...(publicSchema === undefined ? {} : { publicSchema }) });
    await refresh(mirror, options.source);
    const services: SessionServices = {
      oracle,
      mirror,
      translate,
      toPgError,
      source: options.source,
      statementCache: new StatementCache(
        options.statementCacheEntries ?? DEFAULTS.statementCacheEntries,
        MAX_CACHED_CHARACTERS,
      ),
      catalogRelations: await catalogRelations(oracle),
      clock: clockOf(options),
      logger,
    };
    return await listen(options, services, () => oracle.close());
  } catch (error) {
    await oracle.close();
    throw error;
  }
}

async function refresh(mirror: CatalogMirror, source: SessionSource): Promise<void> {
  const session = await source.acquire();
  try {
    await mirror.refresh(session);
  } finally {
    await session.close();
  }
}

/** What an unqualified name finds before any schema of the search path is looked into. */
async function catalogRelations(oracle: StartedOracle): Promise<Set<string>> {
  const rows = await oracle.inspect(
    `select relname from pg_catalog.pg_class
     where relnamespace = 'pg_catalog'::pg_catalog.regnamespace and relkind in ('r', 'v', 'm')`,
  );
  return new Set(rows.map(([name]) => name ?? ''));
}
