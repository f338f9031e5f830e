import type { ClassDefinition } from '../class-definition.js';

/** %SYSTEM.Process, as far as it concerns the own process. */
export const processClass: ClassDefinition = {
  name: '%SYSTEM.Process',
  classMethods: {
    ProcessID: (process) => process.id,
    JobNumber: (process) => process.id,
    UserName: (process) => process.user.name,
    NameSpace: (process) => process.namespace,
    Roles: (process) => process.user.roles.join(','),
    CurrentDirectory: (process) => `/emulator/${process.namespace.toLowerCase()}/`,
    // unverified on a live server: the value that SetNamespace returns.
    SetNamespace: async (process, args) => {
      await process.setNamespace(args.text(0));
      return process.namespace;
    },
  },
};
