import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@iris-devtools/core';
import type { Emulator } from './emulator.js';
import type { EmulatorOptions } from './emulator-options.js';
import { createSqlEngine } from './engine/create-engine.js';
import { versionParts, type IrisVersion } from './server/iris-version.js';
import { DEFAULT_EMULATOR_LIMITS } from './server/limits.js';
import { DEFAULT_PAGE_SIZE } from './server/row-page.js';
import { RunningEmulator } from './server/running-emulator.js';
import type { ServerSettings } from './server/server-settings.js';
import { parseStatement } from './sql/parser.js';
import { ALL_ROLE } from './users/user.js';

/**
 * Starts a stand-in for IRIS that any IRIS client can connect to. It is not IRIS.
 * @throws IrisError IRIS_OPTION for settings that cannot be used, IRIS_IO when the port is taken or the data cannot be read
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const user = options.user ?? '_SYSTEM';
  const password = options.password ?? 'SYS';
  const directory = options.data === undefined || options.data === 'memory' ? undefined : options.data;
  const version = options.irisVersion ?? 'latest';
  const logger = options.logger ?? silentLogger;
  const account = { name: user, password, roles: [ALL_ROLE] };
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
    instance: {
      directory,
      version,
      namespaces: options.namespaces ?? [],
      predefinedPassword: password,
      expiredPasswords: options.expiredPasswords ?? false,
      users: [...(options.expiredPasswords ? [] : [account]), ...(options.users ?? [])],
      authentication: options.authentication ?? {},
      statementKind: (sql) => parseStatement(sql).statement.kind,
      logger,
      clock: options.clock ?? systemClock,
    },
    openEngine: () => openEngine(directory, version, logger),
  });
}

async function openEngine(
  directory: string | undefined,
  irisVersion: IrisVersion,
  logger: EmulatorOptions['logger'],
) {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  return createSqlEngine({
    data: directory === undefined ? 'memory' : join(directory, 'sql'),
    irisVersion,
    versionText: versionParts(irisVersion).text,
    ...(logger === undefined ? {} : { logger }),
  });
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
