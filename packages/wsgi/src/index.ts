export { AsgiDeployment } from './deployment/asgi-deployment.js';
export { WsgiDeployment } from './deployment/wsgi-deployment.js';
export { DirectHost } from './host/direct-host.js';
export { IpmHost } from './host/ipm-host.js';
export { NativeInstance } from './host/objects/native-instance.js';
export { RemoteHost } from './host/remote-host.js';
export { connectRemoteHost } from './host/connect-remote-host.js';
export { SessionInstance } from './host/session-instance.js';
export { lastTraceback } from './host/files/last-traceback.js';
export { findApplications } from './source/find-applications.js';
export { readPythonSources } from './source/python-sources.js';
export { readRequirements } from './source/requirements.js';

export type { DeploymentOptions, HealthOptions } from './deployment/options.js';
export type {
  DeploymentPlan,
  DeploymentResult,
  DeploymentStatus,
  DeploymentTimings,
  UndeployResult,
} from './deployment/results.js';
export type {
  ApplicationHost,
  ApplicationKey,
  ApplicationRecord,
  HostState,
} from './host/application-host.js';
export type { DirectHostOptions } from './host/direct-host.js';
export type { Instance, InstanceFacts } from './host/instance.js';
export type {
  ServerArgument,
  ServerObject,
  ServerObjects,
  ServerValue,
} from './host/objects/server-objects.js';
export type { RemoteHostOptions } from './host/remote-host.js';
export type { RemoteConnection, RemoteConnectionOptions } from './host/connect-remote-host.js';
export type { TargetFiles } from './host/files/target-files.js';
export type { LockOwner } from './deployment/lock/lock-owner.js';
export type { IpmHostOptions } from './host/ipm-host.js';
export type { ProbeOutcome } from './probe/probe.js';
export type { Release } from './release/release.js';
export type { FoundApplication } from './source/find-applications.js';
export type { ApplicationType } from './source/frameworks.js';
export type { Binding, PythonSources, SourceFile } from './source/python-sources.js';
