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

const clock = { niladic: true, volatile: true } as const;
const SECONDS_UP = 'trunc(extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()), 6)';

/** The compiler supplies these values; only DATABASE and $TSQL_NEWID are computed. */
export const SESSION_DEFINITIONS: readonly FunctionDefinition[] = [
  fact('USER', 'user'),
  fact('$USERNAME', 'user'),
  fact('$ROLES', 'roles'),
  ...named(['$NAMESPACE', '$ZNSPACE'], fact('$NAMESPACE', 'namespace')),
  ...named(['$JOB', '$J'], fact('$JOB', 'job')),
  ...named(['$ZVERSION', '$ZV'], fact('$ZVERSION', 'version')),
  ...named(['$TLEVEL', '$TL'], fact('$TLEVEL', 'transaction-level', INTEGER)),
  fact('LAST_IDENTITY', 'last-identity', BIGINT, false),
  fact('%SYSTEM_SQL.DEFAULTSCHEMA', 'default-schema', VARCHAR, false),
  fact('%SYSTEM_SQL.UTIL_GETOPTION', 'option', VARCHAR, false, 1),
  ...named(
    ['$ZHOROLOG', '$ZH'],
    define('$ZHOROLOG', 0, [], { name: 'NUMERIC', precision: 21, scale: 6 }, () => SECONDS_UP, clock),
  ),
  // unverified on a live server: the bits of a client's process; 2 is set for what JOB has started
  ...named(
    ['$ZJOB', '$ZJ'],
    define('$ZJOB', 0, [], INTEGER, () => '2', { niladic: true }),
  ),
  define(
    '$ZPI',
    0,
    [],
    { name: 'NUMERIC', precision: 21, scale: 18 },
    () => '3.141592653589793238::numeric',
    {
      niladic: true,
    },
  ),
  // Minutes, positive in the west of Greenwich.
  ...named(
    ['$ZTIMEZONE', '$ZTZ'],
    define('$ZTIMEZONE', 0, [], INTEGER, () => '(- extract(timezone FROM now()) / 60)::int4', clock),
  ),
  define('DATABASE', 0, [], VARCHAR, () => `''::text`, { braceOnly: true }),
  define('$TSQL_NEWID', 0, [], { name: 'GUID', length: 36 }, () => 'upper(gen_random_uuid()::text)', {
    volatile: true,
  }),
];
