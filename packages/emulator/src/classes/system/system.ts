import { randomUUID } from 'node:crypto';
import { nativeError } from '../native-error.js';
import { databaseDirectory } from './database.js';
import { STATUS_OK } from '../status.js';
import { writePropertyArray } from '../property-list.js';
import type { MessageSeverity } from '../../server/messages-log.js';
import type { ClassDefinition } from '../class-definition.js';

/** %SYS.System: the console log. */
export const sysSystemClass: ClassDefinition = {
  name: '%SYS.System',
  classMethods: {
    /** Message, flag (1: also to the console, which an emulator has not), severity, event. */
    WriteToConsoleLog: (process, args) => {
      args.expectAtMost(4);
      const severity = Math.max(-2, Math.min(3, args.integer(2, 0))) as MessageSeverity;
      process.instance.messagesLog.write(process.id, severity, args.text(3, 'Generic.Event'), args.text(0));
      return STATUS_OK;
    },
    GetInstanceName: () => 'IRIS',
  },
};

/** %SYS.Namespace: which namespaces there are. */
export const sysNamespaceClass: ClassDefinition = {
  name: '%SYS.Namespace',
  classMethods: {
    Exists: (process, args) => Number(process.instance.namespaces.has(args.text(0))),
    /** `^` and the directory: the part before names another system. Mappings of single globals do not exist here. */
    GetGlobalDest: (process, args) => {
      const name = args.text(0, process.namespace).toUpperCase();
      if (!process.instance.namespaces.has(name)) throw nativeError('NAMESPACE', name);
      return `^${databaseDirectory(name)}`;
    },
    ListAll: (process, args) => {
      args.assign(
        0,
        writePropertyArray(process.instance.namespaces.names.map((name) => [name, ''] as const)),
      );
      return STATUS_OK;
    },
  },
};

export const utilClass: ClassDefinition = {
  name: '%SYSTEM.Util',
  classMethods: {
    CreateGUID: () => randomUUID().toUpperCase(),
    InstallDirectory: (process) => process.instance.files.installDirectory(),
    DataDirectory: (process) => process.instance.files.installDirectory(),
    ManagerDirectory: (process) => process.instance.files.managerDirectory(),
    BinaryDirectory: async (process) => `${await process.instance.files.installDirectory()}bin/`,
  },
};

/** %SYSTEM.Monitor: 0 is "all is well"; a stand-in has no alarms. */
export const monitorClass: ClassDefinition = {
  name: '%SYSTEM.Monitor',
  classMethods: { State: () => 0 },
};

/** %SYSTEM.SQL: the select mode of this process. Like IRIS it gives the mode that held before. */
export const systemSqlClass: ClassDefinition = {
  name: '%SYSTEM.SQL',
  classMethods: {
    GetSelectMode: (process) => process.selectMode,
    SetSelectMode: (process, args) => {
      const before = process.selectMode;
      process.selectMode = Math.max(0, Math.min(2, args.integer(0, 0)));
      return before;
    },
  },
};

/** %Net.Remote.Gateway: how the official addon 2.0.3 says that it is done with objects, a hundred at a time: `,1,2,3`. */
export const remoteGatewayClass: ClassDefinition = {
  name: '%Net.Remote.Gateway',
  classMethods: {
    '%ReleaseObjects': (process, args) => {
      for (const id of args.text(0).split(',')) if (id !== '') process.objects.release(Number(id));
      return STATUS_OK;
    },
  },
};
