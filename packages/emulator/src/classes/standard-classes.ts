import { fileClass } from './library/file.js';
import { fileBinaryStreamClass } from './library/file-stream.js';
import { listOfDataClass } from './library/list-of-data.js';
import { configDatabasesClass, configNamespacesClass } from './security/config.js';
import { securityApplicationsClass } from './security/applications.js';
import { securityServicesClass } from './security/services.js';
import { securityUsersClass } from './security/users.js';
import { sysDatabaseClass } from './system/database.js';
import { sqlStatementClass } from './sql/statement.js';
import {
  monitorClass,
  remoteGatewayClass,
  sysNamespaceClass,
  sysSystemClass,
  systemSqlClass,
  utilClass,
} from './system/system.js';
import { processClass } from './system/process.js';
import { statusClass } from './system/status.js';
import { versionClass } from './system/version.js';
import type { ClassDefinition } from './class-definition.js';
import type { VersionParts } from './system/version.js';

/** The classes of every emulated instance. */
export function standardClasses(version: VersionParts): readonly ClassDefinition[] {
  return [
    versionClass(version),
    processClass,
    statusClass,
    sysSystemClass,
    sysNamespaceClass,
    utilClass,
    monitorClass,
    systemSqlClass,
    remoteGatewayClass,
    fileClass,
    fileBinaryStreamClass,
    listOfDataClass,
    sysDatabaseClass,
    sqlStatementClass,
    securityUsersClass,
    securityServicesClass,
    securityApplicationsClass,
    configNamespacesClass,
    configDatabasesClass,
  ];
}
