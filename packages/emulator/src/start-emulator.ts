import { join, resolve } from 'node:path';
import { silentLogger, systemClock } from '@iris-devtools/core';
import type { Emulator } from './emulator.js';
import type { EmulatorOptions } from './emulator-options.js';
import { createSqlEngine } from './engine/create-engine.js';
import { versionParts } from './server/iris-version.js';
import { DEFAULT_EMULATOR_LIMITS } from './server/limits.js';
import { DEFAULT_PAGE_SIZE } from './server/row-page.js';
import { RunningEmulator } from './server/running-emulator.js';
import type { ServerSettings } from './server/server-settings.js';
import { parseStatement } from './sql/parser.js';
import { holdsAllRights, sqlAccounts } from './users/sql-accounts.js';
import type { InitialUser } from './users/predefined-users.js';

const DEFAULT_USER = '_SYSTEM';
const DEFAULT_PASSWORD = 'SYS';

/**
 * Starts a stand-in for IRIS that any IRIS client can connect to. It is not IRIS.
 * @throws IrisError IRIS_OPTION for settings that cannot be used, IRIS_IO when the port is taken or the data cannot be read
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { user = DEFAULT_USER, password = DEFAULT_PASSWORD, irisVersion = 'latest' } = options;
  const { logger = silentLogger, clock = systemClock, data = 'memory' } = options;
  const directory = data === 'memory' ? undefined : resolve(data);
  const delimitedIdentifiers = options.delimitedIdentifiers ?? true;
  return RunningEmulator.start({
    address: { host: options.host ?? '127.0.0.1', port: options.port ?? 0 },
    user,
    password,
    settings: serverSettings(options),
    tls: options.tls,
    web:
      options.webPort === undefined
        ? undefined
        : { port: options.webPort, python: options.python ?? 'python3' },
    irispython: options.irispython === true ? { python: options.python ?? 'python3' } : undefined,
    instance: {
      directory,
      version: irisVersion,
      namespaces: options.namespaces ?? [],
      predefinedPassword: password,
      expiredPasswords: options.expiredPasswords ?? false,
      users: initialUsers(options, { name: user, password }),
      authentication: options.authentication ?? {},
      parse: (sql) => parseStatement(sql, { irisVersion, delimitedIdentifiers }).statement,
      delimitedIdentifiers,
      logger,
      clock,
    },
    openEngine: (users) =>
      createSqlEngine({
        data: directory === undefined ? 'memory' : join(directory, 'sql'),
        irisVersion,
        versionText: versionParts(irisVersion).text,
        logger,
        users: sqlAccounts(users),
        isPrivileged: (name) => holdsAllRights(users, name),
      }),
  });
}

/** The account that was asked for must be able to log in, also on data of a start that gave it another password. */
function initialUsers(options: EmulatorOptions, account: InitialUser): readonly InitialUser[] {
  const wasAskedFor = options.user !== undefined || options.password !== undefined;
  return [...(wasAskedFor ? [account] : []), ...(options.users ?? [])];
}

function serverSettings(options: EmulatorOptions): ServerSettings {
  return {
    limits: { ...DEFAULT_EMULATOR_LIMITS, ...options.limits },
    pageSize: { ...DEFAULT_PAGE_SIZE, ...options.pageSize },
    fastSelect: options.fastSelect ?? 'on',
    delimitedIdentifiers: options.delimitedIdentifiers ?? true,
    fetchAfterEnd: options.fetchAfterEnd ?? 'refuse',
  };
}
