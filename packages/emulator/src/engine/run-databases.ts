import { sqlError } from '@iris-devtools/core';
import type { NamespaceDef } from '../catalog/model.js';
import type { DropDatabaseStatement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkAdmin } from './privileges.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };
const MAX_NAME_LENGTH = 63;

const noDatabase = (name: string): Error =>
  sqlError(-340, ` No such database (namespace) defined: '${name}'`);

/** @throws IrisError -400, where DROP DATABASE has -340 */
export function useDatabase(name: string, session: SessionState): SqlOutcome {
  const namespace = session.core.catalog.namespace(name);
  if (namespace === undefined) {
    throw sqlError(-400, `Error occurred using database '${name}': there is no such namespace`);
  }
  session.namespace = namespace.name;
  return DONE;
}

/** @throws IrisError -99, -343 an invalid name, -341 taken, -400 too long */
export async function createDatabase(name: string, session: SessionState): Promise<SqlOutcome> {
  checkAdmin('%CREATE_DATABASE', session);
  const { catalog, settings, storage } = session.core;
  if (name.length > MAX_NAME_LENGTH) {
    throw sqlError(-400, `ERROR #414: Database name '${name}' is longer than ${MAX_NAME_LENGTH} characters`);
  }
  if (!/^[%\p{L}][\p{L}\p{N}_-]*$/u.test(name)) throw sqlError(-343, ` Invalid database name '${name}'`);
  if (catalog.databaseExists(name)) throw sqlError(-341, ` Database '${name}' already exists`);
  const created: NamespaceDef = { kind: 'namespace', id: catalog.newId(), name: name.toUpperCase() };
  const schema = {
    kind: 'schema',
    id: catalog.newId(),
    namespace: created.name,
    explicit: false,
    name: settings.defaultSchema,
  } as const;
  const change = { put: [created, schema], remove: [] };
  await catalog.write(storage, change);
  catalog.apply(change);
  return DONE;
}

/** @throws IrisError -99, -340, -342, -344 */
export async function dropDatabase(
  { database: { name }, ifExists, retainFiles }: DropDatabaseStatement,
  session: SessionState,
): Promise<SqlOutcome> {
  checkAdmin('%DROP_DATABASE', session);
  const { catalog } = session.core;
  const namespace = catalog.namespace(name);
  if (namespace === undefined) {
    if (ifExists) return { ...DONE, sqlcode: 1, message: `Database '${name}' does not exist` };
    throw noDatabase(name);
  }
  if (['%SYS', 'USER'].includes(namespace.name))
    throw sqlError(-342, ` Cannot delete system namespace '${name}'`);
  if (namespace.name === session.namespace)
    throw sqlError(-344, ' Cannot drop database that you are currently using or connected to');
  await removeNamespace(namespace, retainFiles, session);
  return DONE;
}

async function removeNamespace(
  namespace: NamespaceDef,
  retainFiles: boolean,
  { core: { catalog, storage } }: SessionState,
): Promise<void> {
  const { name } = namespace;
  const tables = catalog.tables(name);
  const entries = [
    ...tables,
    ...catalog.views(name),
    ...catalog.routines(name),
    ...catalog.triggers(name),
    ...catalog.privileges(name),
    ...catalog.schemas(name),
    ...(retainFiles ? [] : [namespace]),
  ];
  const change = {
    put: retainFiles ? [{ ...namespace, retained: true }] : [],
    remove: entries.map((entry) => entry.id),
  };
  await storage.transaction(async (access) => {
    if (tables.length > 0) {
      await access.run(
        tables.map((table) => ({ sql: `DROP TABLE iris_data.t${table.id} CASCADE`, once: true })),
      );
    }
    await catalog.write(access, change);
  });
  catalog.apply(change);
  storage.forgetStatements();
}
