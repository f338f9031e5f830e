export { startPgwire } from './start-pgwire.js';
export { createScramVerifier } from './auth/scram-verifier.js';
export { runPgwire } from './bin/run-pgwire.js';
export { PgError } from './pg-error.js';

export type { AccessRule, AuthMethod } from './auth/access-rule.js';
export type { IrisLogin, VerifierLookup } from './auth/authenticate.js';
export type { PgwireAccess, RunPgwireHooks } from './bin/run-pgwire.js';
export type { PgErrorFields } from './pg-error.js';
export type { PgwireAuthentication, PgwireOptions, PgwireTls } from './server/pgwire-options.js';
export type { PgwireHealth, PgwireServer } from './server/pgwire-server.js';
