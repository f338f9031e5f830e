export { connect } from './connect.js';
export { examine } from './doctor/doctor.js';
export { Iris } from './iris.js';
export { Pool } from './pool/pool.js';
export { administratorChannel, commandChannel } from './recovery/channel.js';
export { isLocalHost, loginWithRecovery } from './recovery/password-recovery.js';
export { mayRetry } from './retry/retry-policy.js';
export { objectScriptText } from './recovery/objectscript-text.js';

export type { BackendName, ClientOptions } from './backends/backend.js';
export type { SkippedBackend } from './backends/choose-backend.js';
export type { ConnectionEvent, ConnectOptions, RecoveryWay } from './connect.js';
export type { CheckResult, CheckStatus } from './doctor/check.js';
export type { DoctorReport } from './doctor/doctor.js';
export type { IrisQueryOptions } from './iris.js';
export type { PoolEvent, PoolMetrics, PoolOptions } from './pool/pool-options.js';
export type { ClassMethodCaller, CommandChannelOptions, RecoveryChannel } from './recovery/channel.js';
export type { RecoveryEvent, RecoveryOptions } from './recovery/password-recovery.js';
export type { RetryOptions } from './retry/retry-policy.js';
