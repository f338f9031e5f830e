import type { ApplicationType } from '../source/frameworks.js';
import type { ProbeOutcome } from '../probe/probe.js';

/** What `deploy` would do. */
export interface DeploymentPlan {
  /** `nothing`: this release is what the web application points to. */
  readonly action: 'create' | 'update' | 'nothing';
  readonly release: string;
  readonly currentRelease: string | undefined;
  readonly target: string;
  readonly url: string | undefined;
  /** Absolute, on the target. */
  readonly directory: string;
  readonly webApplications: readonly string[];
  readonly files: readonly string[];
  readonly totalBytes: number;
  readonly requirements: readonly string[];
  readonly warnings: readonly string[];
}

export interface DeploymentResult extends DeploymentPlan {
  /**
   * `proven`: this release answered over HTTP. `login`: the application asks for a login and none was given.
   * `unasked`: the URL of the web server is not known.
   */
  readonly proof: 'proven' | 'login' | 'unasked';
  readonly timings: DeploymentTimings;
}

export interface DeploymentTimings {
  readonly prepareMs: number;
  readonly installMs: number;
  /** From the end of the installation to the first answer of this release. */
  readonly firstAnswerMs: number;
  readonly totalMs: number;
}

export interface DeploymentStatus {
  readonly deployed: boolean;
  readonly type: ApplicationType;
  readonly target: string;
  readonly url: string | undefined;
  readonly release: string | undefined;
  readonly enabled: boolean;
  readonly moduleVersion: string | undefined;
  readonly webApplications: readonly string[];
  /** `undefined`: not deployed, or the URL is not known. */
  readonly answer: ProbeOutcome | undefined;
}

export interface UndeployResult {
  /** False: there was nothing. */
  readonly removed: boolean;
}
