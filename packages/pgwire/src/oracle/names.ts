/** Our own objects. The prefix `pg_` keeps them out of `\dn` and of what tools list as user schemas. */
export const INTERNAL_SCHEMA = 'pg_iris';
