import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger } from '@iris-devtools/core';
import { ClassRegistry } from '../classes/class-registry.js';
import { standardClasses } from '../classes/standard-classes.js';
import { GlobalJournal } from '../globals/global-journal.js';
import { GlobalStore } from '../globals/global-store.js';
import { LockTable } from '../globals/lock-table.js';
import { Authenticator, DEFAULT_AUTHENTICATOR_OPTIONS } from '../users/authenticator.js';
import { applyUsers, createPredefinedUsers } from '../users/predefined-users.js';
import { UserStore } from '../users/user-store.js';
import { lockDirectory } from './data-lock.js';
import { InstanceFiles } from './instance-files.js';
import { MessagesLog } from './messages-log.js';
import { NamespaceList } from './namespace-list.js';
import { SecuritySettings } from './security-settings.js';
import { versionParts } from './iris-version.js';
import type { SqlEngine } from '../engine/engine.js';
import type { AuthenticatorOptions } from '../users/authenticator.js';
import type { InitialUser } from '../users/predefined-users.js';
import type { Instance } from './instance.js';
import type { IrisVersion } from './iris-version.js';

export interface InstanceOptions {
  /** Absent: everything is in memory. */
  readonly directory: string | undefined;
  readonly version: IrisVersion;
  readonly namespaces: readonly string[];
  /** Password of the predefined accounts at the first start. */
  readonly predefinedPassword: string;
  readonly expiredPasswords: boolean;
  readonly users: readonly InitialUser[];
  readonly authentication: Partial<AuthenticatorOptions>;
  readonly parse: Instance['parse'];
  readonly delimitedIdentifiers: boolean;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** An instance with what must be done at its end. */
export interface OpenInstance {
  readonly instance: Instance;
  close(): Promise<void>;
}

/** Job numbers look like process ids; the first one is arbitrary. */
const FIRST_PROCESS_ID = 1_001;

/** Opens the SQL engine, whose rights and CREATE USER rest on the accounts of the instance. */
export type OpenEngine = (users: UserStore) => Promise<SqlEngine>;

/**
 * Brings users, globals, settings, classes and the SQL engine up.
 * @throws IrisError IRIS_IO when the data directory is in use or cannot be read
 */
export async function openInstance(openEngine: OpenEngine, options: InstanceOptions): Promise<OpenInstance> {
  const { directory } = options;
  if (directory === undefined) return openParts(openEngine, options);
  await mkdir(directory, { recursive: true });
  const unlock = await lockDirectory(directory);
  try {
    const open = await openParts(openEngine, options);
    return {
      instance: open.instance,
      close: async () => {
        await open.close().finally(unlock);
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openParts(openEngine: OpenEngine, options: InstanceOptions): Promise<OpenInstance> {
  const { directory, logger, clock } = options;
  const [users, namespaces, security] = await Promise.all([
    openUsers(options),
    NamespaceList.open(options.namespaces, directory),
    SecuritySettings.open(directory),
  ]);
  const { store, journal } = await openGlobals(directory);
  const sql = await openEngine(users);
  let lastProcessId = FIRST_PROCESS_ID - 1;
  const authentication = { ...DEFAULT_AUTHENTICATOR_OPTIONS, ...options.authentication };
  const version = versionParts(options.version);
  const instance: Instance = {
    versionText: version.text,
    users,
    authenticator: new Authenticator(users, authentication, logger, clock),
    namespaces,
    security,
    globals: store,
    locks: new LockTable(clock),
    classes: new ClassRegistry(standardClasses(version)),
    sql,
    parse: options.parse,
    delimitedIdentifiers: options.delimitedIdentifiers,
    files: new InstanceFiles(directory),
    messagesLog: new MessagesLog(directory, clock),
    logger,
    clock,
    processes: {
      nextId: () => {
        lastProcessId += 1;
        return lastProcessId;
      },
    },
  };
  return {
    instance,
    close: async () => {
      await Promise.all([sql.close(), journal?.close(), users.flush(), instance.messagesLog.flush()]);
      await instance.files.close();
    },
  };
}

async function openUsers(options: InstanceOptions): Promise<UserStore> {
  const users = await UserStore.open(options.directory, options.clock);
  if (users.isEmpty) {
    await createPredefinedUsers(users, options.predefinedPassword, options.expiredPasswords, options.users);
  } else {
    await applyUsers(users, options.users);
  }
  return users;
}

async function openGlobals(
  directory: string | undefined,
): Promise<{ store: GlobalStore; journal: GlobalJournal | undefined }> {
  if (directory === undefined) return { store: new GlobalStore(), journal: undefined };
  const opened: { journal?: GlobalJournal } = {};
  const store = new GlobalStore((event) => opened.journal?.append(event));
  opened.journal = await GlobalJournal.open(join(directory, 'globals'), store);
  return { store, journal: opened.journal };
}
