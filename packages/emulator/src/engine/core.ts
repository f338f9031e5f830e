import type { Logger } from '@iris-devtools/core';
import type { Catalog } from '../catalog/catalog.js';
import type { SystemTables } from '../catalog/system/system-tables.js';
import type { PreparedCache } from './prepared-cache.js';
import type { Storage } from './storage/storage.js';
import type { TransactionTable } from './transactions.js';

/** Settings that one session changes for the whole instance. */
export interface SystemSettings {
  defaultSchema: string;
  /** That sessions begin with. */
  readonly lockTimeoutSeconds: number;
  /** FastDistinct; EXACT_DISTINCT is its opposite. */
  fastDistinct: boolean;
  /** All options as SET OPTION left them, upper-case names. */
  readonly options: Map<string, string>;
}

/** The accounts of the instance, so that CREATE USER makes one that can log in. */
export interface UserDirectory {
  exists(name: string): boolean;
  create(name: string, password: string): Promise<void>;
  setPassword(name: string, password: string): Promise<void>;
  drop(name: string): Promise<void>;
}

/** What the sessions of one engine share. */
export interface EngineCore {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly transactions: TransactionTable;
  readonly prepared: PreparedCache;
  readonly systemTables: SystemTables;
  readonly settings: SystemSettings;
  /** The sessions that run a statement, with what cancels it. */
  readonly running: Map<number, () => void>;
  readonly irisVersion: '2024.1' | '2025.1' | 'latest';
  /** $ZVERSION. */
  readonly versionText: string;
  readonly logger: Logger;
  /** Undefined: users exist for privileges only. */
  readonly users: UserDirectory | undefined;
  /** Users who may do everything. */
  isPrivileged(user: string): boolean;
}
