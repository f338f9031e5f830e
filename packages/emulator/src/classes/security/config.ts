import { isIrisError } from '@iris-devtools/core';
import { writePropertyArray } from '../property-list.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { databaseDirectory } from '../system/database.js';
import { administratorOnly } from './privilege.js';
import type { ClassDefinition } from '../class-definition.js';

/** Config.Namespaces. A namespace of the emulator has a database of the same name; mappings do not exist. */
export const configNamespacesClass: ClassDefinition = {
  name: 'Config.Namespaces',
  systemOnly: true,
  classMethods: {
    Exists: (process, args) => Number(process.instance.namespaces.has(args.text(0))),
    Get: (process, args) => {
      const name = args.text(0).toUpperCase();
      if (!process.instance.namespaces.has(name)) return missing(name);
      args.assign(
        1,
        writePropertyArray([
          ['Globals', name],
          ['Routines', name],
          ['TempGlobals', 'IRISTEMP'],
        ]),
      );
      return STATUS_OK;
    },
    Create: administratorOnly((process, args) =>
      attempt(() => process.instance.namespaces.create(args.text(0))),
    ),
    Delete: administratorOnly((process, args) =>
      attempt(async () => {
        const name = args.text(0).toUpperCase();
        const { namespaces, globals } = process.instance;
        // Its tables go first: an engine that has not met the namespace yet has none.
        const dropTables = await process.sql.prepare(
          `DROP DATABASE IF EXISTS "${name.replaceAll('"', '""')}"`,
        );
        if (namespaces.isCreated(name)) await process.sql.execute(dropTables, []);
        await namespaces.delete(name);
        globals.dropNamespace(name);
      }),
    ),
  },
};

/** Config.Databases, read-only: one database per namespace. */
export const configDatabasesClass: ClassDefinition = {
  name: 'Config.Databases',
  systemOnly: true,
  classMethods: {
    Exists: (process, args) => Number(process.instance.namespaces.has(args.text(0))),
    Get: (process, args) => {
      const name = args.text(0).toUpperCase();
      if (!process.instance.namespaces.has(name)) {
        return errorStatus(STATUS_CODE.generalError, `Database ${name} does not exist`);
      }
      args.assign(1, writePropertyArray([['Directory', databaseDirectory(name)]]));
      return STATUS_OK;
    },
    Create: () =>
      errorStatus(STATUS_CODE.generalError, 'The emulator has no databases apart from its namespaces'),
    Delete: () =>
      errorStatus(STATUS_CODE.generalError, 'The emulator has no databases apart from its namespaces'),
  },
};

function missing(name: string): string {
  return errorStatus(STATUS_CODE.namespaceMissing, `Namespace ${name} does not exist`);
}

async function attempt(work: () => Promise<unknown>): Promise<string | number> {
  try {
    await work();
    return STATUS_OK;
  } catch (error) {
    if (!isIrisError(error) || (error.code !== 'IRIS_STATE' && error.code !== 'IRIS_VALUE')) throw error;
    return errorStatus(STATUS_CODE.namespaceExists, error.message);
  }
}
