export { Pool } from './pool/pool.js';
export { administratorChannel, commandChannel } from './recovery/channel.js';
export { isLocalHost, loginWithRecovery } from './recovery/password-recovery.js';
export { objectScriptText } from './recovery/objectscript-text.js';

export type { PoolEvent, PoolMetrics, PoolOptions } from './pool/pool-options.js';
export type { ClassMethodCaller, CommandChannelOptions, RecoveryChannel } from './recovery/channel.js';
export type { RecoveryEvent, RecoveryOptions } from './recovery/password-recovery.js';
