import type { ApplicationRecord } from './application-host.js';

/** What an instance says about itself. */
export interface InstanceFacts {
  /** `major.minor`. */
  readonly irisVersion: string | undefined;
  readonly namespaceExists: boolean;
  /** Absolute, ends with `/`; `undefined` when it is not on this kind of target. */
  readonly installDirectory: string | undefined;
  /** Role for the database that holds the globals of the namespace. */
  readonly globalsRole: string;
  /** By URL path; only those that were asked for and exist. */
  readonly applications: ReadonlyMap<string, ApplicationRecord>;
  /** All URL paths; `undefined` when they cannot be listed. */
  readonly allPaths: readonly string[] | undefined;
}

/** The security settings of an instance, as far as a deployment needs them. */
export interface Instance {
  /** Changes nothing. */
  facts(namespace: string, urlPaths: readonly string[]): Promise<InstanceFacts>;
  /**
   * Creates or modifies web applications; `undefined` deletes one, if it is there.
   * @throws IrisError `IRIS_DEPLOY` naming the application that IRIS refused.
   */
  putApplications(records: ReadonlyMap<string, ApplicationRecord | undefined>): Promise<void>;
}

/** Properties of Security.Applications that are read and put back. */
export const RECORD_PROPERTIES = [
  'NameSpace',
  'Enabled',
  'AutheEnabled',
  'MatchRoles',
  'Description',
  'DispatchClass',
  'WSGIAppLocation',
  'WSGIAppName',
  'WSGICallable',
  'WSGIDebug',
  'WSGIType',
  'Path',
  'ServeFiles',
  'Recurse',
] as const;
