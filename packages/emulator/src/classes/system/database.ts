import { isAdministrator } from '../security/privilege.js';
import { serverObject } from '../class-definition.js';
import type { ClassDefinition } from '../class-definition.js';

interface Database {
  readonly directory: string;
  readonly name: string;
}

/** Where the database of a namespace would lie; it is a name, not a place on this machine. */
export function databaseDirectory(namespace: string): string {
  return `/emulator/${namespace.toLowerCase()}/`;
}

/** SYS.Database, read-only, opened by directory. */
export const sysDatabaseClass: ClassDefinition<Database> = {
  name: 'SYS.Database',
  systemOnly: true,
  superclasses: ['%Library.Persistent'],
  classMethods: {
    '%OpenId': (process, args) => {
      const name = process.instance.namespaces.names.find((each) => databaseDirectory(each) === args.text(0));
      if (name === undefined || !isAdministrator(process)) return '';
      return process.objects.add(serverObject(sysDatabaseClass, { name, directory: args.text(0) }));
    },
  },
  properties: {
    Directory: { get: ({ directory }) => directory },
    ResourceName: { get: ({ name }) => (name === '%SYS' ? '%DB_IRISSYS' : `%DB_${name}`) },
  },
};
