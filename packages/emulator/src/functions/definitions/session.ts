import type { IrisType } from '../../sql/types.js';
import type { FunctionDefinition, SessionValue } from '../registry-types.js';
import { BIGINT, define, INTEGER, named, VARCHAR } from './define.js';

const fact = (
  name: string,
  session: SessionValue,
  result: IrisType = VARCHAR,
  niladic = true,
  counts: number | readonly [number, number] = 0,
): FunctionDefinition => define(name, counts, ['string'], result, () => 'NULL::text', { session, niladic });

/** The compiler supplies these values; only DATABASE and $TSQL_NEWID are computed. */
export const SESSION_DEFINITIONS: readonly FunctionDefinition[] = [
  fact('USER', 'user'),
  fact('$USERNAME', 'user'),
  fact('$ROLES', 'roles'),
  ...named(['$NAMESPACE', '$ZNSPACE'], fact('$NAMESPACE', 'namespace')),
  ...named(['$JOB', '$J'], fact('$JOB', 'job', INTEGER)),
  ...named(['$ZVERSION', '$ZV'], fact('$ZVERSION', 'version')),
  ...named(['$TLEVEL', '$TL'], fact('$TLEVEL', 'transaction-level', INTEGER)),
  fact('LAST_IDENTITY', 'last-identity', BIGINT, false),
  fact('%SYSTEM_SQL.DEFAULTSCHEMA', 'default-schema', VARCHAR, false),
  fact('%SYSTEM_SQL.UTIL_GETOPTION', 'option', VARCHAR, false, 1),
  define('DATABASE', 0, [], VARCHAR, () => `''::text`, { braceOnly: true }),
  define('$TSQL_NEWID', 0, [], { name: 'GUID', length: 36 }, () => 'upper(gen_random_uuid()::text)', {
    volatile: true,
  }),
];
