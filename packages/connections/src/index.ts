export { Pool } from './pool/pool.js';

export type { PoolEvent, PoolMetrics, PoolOptions } from './pool/pool-options.js';
