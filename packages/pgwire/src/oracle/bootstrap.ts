import { CLOCK_STATEMENTS } from './clock.js';
import { internal } from './names.js';

/**
 * What a fresh PGlite needs before it can stand for the server that we announce.
 *
 * The oracle must answer as that server would: `version()` and `server_version` are ours, the roles and the database
 * are the client's, and a client's statement runs as a plain role that cannot change any of it.
 */

/** The superuser that initdb made. Renamed, so that a client may be called `postgres` and still be a plain role. */
export const ROOT_ROLE = 'iris_root';
/** Owns every shadow table; each client's role is a member, so that information_schema shows it everything. */
export const OWNER_ROLE = 'iris';

/** A setting of ours that collects what set_config did in a statement: one JSON array per line. */
export const CHANGED_SETTINGS = 'pg_iris.changed_settings';

const ROLE_STEP = 'iris_step';
const SETTER_ROLE = 'iris_setter';

export interface AnnouncedServer {
  /** As ParameterStatus gives it: `15.8`. */
  readonly serverVersion: string;
  /** As `version()` gives it. */
  readonly versionText: string;
}

export function quoteLiteral(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `15.8` is 150008, as PostgreSQL numbers its versions since 10. */
export function versionNumber(serverVersion: string): string {
  const [major = '0', minor = '0'] = serverVersion.split('.');
  return String(Number.parseInt(major, 10) * 10_000 + (Number.parseInt(minor, 10) || 0));
}

/**
 * Functions that would leave a trace in the one session that all clients share, hold it up, or read a table that is named
 * in a value: the shadow's tables are empty, which would be a wrong answer.
 */
const FORBIDDEN_FUNCTIONS = [
  'setseed',
  'pg_sleep',
  'pg_sleep_for',
  'pg_sleep_until',
  'pg_notify',
  'pg_cancel_backend',
  'pg_terminate_backend',
  'pg_advisory_%',
  'pg_try_advisory_%',
  '%_to_xml',
  '%_to_xmlschema',
  '%_to_xml_and_xmlschema',
  'ts_stat',
  'ts_rewrite',
  'lo_%',
];

function revokeFunctions(patterns: readonly string[]): string {
  const list = patterns.map((pattern) => quoteLiteral(pattern.replaceAll('_', '\\_'))).join(', ');
  return `do $$
    declare signature text;
    begin
      for signature in select oid::regprocedure from pg_catalog.pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname like any (array[${list}])
      loop
        execute 'revoke execute on function ' || signature || ' from public';
      end loop;
    end $$`;
}

/**
 * PostgreSQL calls a built-in function by its OID and never looks at a replaced body, unless the planner inlines the
 * replacement. So the replacements are one-line SQL functions, not strict, that use their parameter once.
 */
function announcedVersion({ serverVersion, versionText }: AnnouncedServer): string[] {
  const version = quoteLiteral(serverVersion);
  const number = quoteLiteral(versionNumber(serverVersion));
  const announced = (name: string, real: string): string =>
    `case ${name} when 'server_version' then ${version} when 'server_version_num' then ${number} else ${real} end`;
  return [
    `create function ${internal('show_config')}(text) returns text language internal stable strict as 'show_config_by_name'`,
    `create function ${internal('show_config')}(text, boolean) returns text language internal stable strict as 'show_config_by_name_missing_ok'`,
    `create function ${internal('setting')}(text) returns text language sql stable strict as
       $$select ${announced('lower($1)', `${internal('show_config')}($1)`)}$$`,
    `create function ${internal('setting')}(text, boolean) returns text language sql stable strict as
       $$select ${announced('lower($1)', `${internal('show_config')}($1, $2)`)}$$`,
    `create or replace function pg_catalog.current_setting(text) returns text language sql stable
       as $$select ${internal('setting')}($1)$$`,
    `create or replace function pg_catalog.current_setting(text, boolean) returns text language sql stable
       as $$select ${internal('setting')}($1, $2)$$`,
    `create or replace function pg_catalog.version() returns text language sql stable as $$select ${quoteLiteral(versionText)}::text$$`,
    `create or replace view pg_catalog.pg_settings as
       select name, ${announced('name', 'setting')} as setting, unit, category, short_desc, extra_desc, context, vartype,
         source, min_val, max_val, enumvals, boot_val, reset_val, sourcefile, sourceline, pending_restart
       from pg_catalog.pg_show_all_settings() where name not like 'pg\\_iris.%'`,
  ];
}

/**
 * set_config may be called, since its effect ends with the transaction around every statement; the session layer repeats
 * it, from the list that is kept here. Inside a security definer function PostgreSQL itself refuses `role` and `session_authorization`, which would make the
 * client somebody else. The definer is a plain role, so that other settings need the rights of a plain role too.
 */
const SET_CONFIG = [
  `create role ${SETTER_ROLE}`,
  `create function ${internal('set_config_by_name')}(text, text, boolean) returns text language internal volatile as 'set_config_by_name'`,
  `revoke execute on function ${internal('set_config_by_name')}(text, text, boolean) from public`,
  `grant execute on function ${internal('set_config_by_name')}(text, text, boolean) to ${SETTER_ROLE}`,
  `create function ${internal('set_setting')}(text, text, boolean) returns text language plpgsql volatile security definer as $$
     declare result text;
     begin
       result := ${internal('set_config_by_name')}($1, $2, $3);
       perform ${internal('set_config_by_name')}('${CHANGED_SETTINGS}',
         coalesce(pg_catalog.current_setting('${CHANGED_SETTINGS}', true), '')
           || pg_catalog.json_build_array(lower($1), result, coalesce($3, false)) || chr(10), false);
       return result;
     end $$`,
  `alter function ${internal('set_setting')}(text, text, boolean) owner to ${SETTER_ROLE}`,
  `create or replace function pg_catalog.set_config(text, text, boolean) returns text language sql volatile
     as $$select ${internal('set_setting')}($1, $2, $3)$$`,
];

/** Names that PostgreSQL 17 renamed and that psql 15 and 16 still ask for; see {@link file://./compatibility.ts}. */
const RENAMED_COLUMNS = [
  `create view ${internal('pg_database')} as select tableoid, *, datlocale as daticulocale from pg_catalog.pg_database`,
  `create view ${internal('pg_collation')} as select tableoid, *, colllocale as colliculocale from pg_catalog.pg_collation`,
  `grant select on ${internal('pg_database')}, ${internal('pg_collation')} to public`,
];

/**
 * IRIS's vector functions, so that statements which use them can be typed. They are never executed here.
 * In pg_catalog, because they must be found along every search_path.
 */
const IRIS_FUNCTIONS = [
  'vector_cosine(a public.vector, b public.vector) returns double precision',
  'vector_dot_product(a public.vector, b public.vector) returns double precision',
  'to_vector(data text) returns public.vector',
  'to_vector(data text, type text) returns public.vector',
  'to_vector(data text, type text, length integer) returns public.vector',
].map(
  (signature) =>
    `create function pg_catalog.${signature} language sql immutable strict as $$select null::${signature.slice(
      signature.lastIndexOf(' returns ') + ' returns '.length,
    )}$$`,
);

/** One statement each; `vector` must be the first object of all, because its OID follows from that. */
export function bootstrapStatements(server: AnnouncedServer): string[] {
  return [
    'create extension vector',
    'set allow_system_table_mods = on',
    `create role ${ROLE_STEP} superuser`,
    `set session authorization ${ROLE_STEP}`,
    `alter role postgres rename to ${ROOT_ROLE}`,
    `set session authorization ${ROOT_ROLE}`,
    `drop role ${ROLE_STEP}`,
    `create role ${OWNER_ROLE}`,
    `alter database postgres owner to ${OWNER_ROLE}`,
    ...announcedVersion(server),
    ...CLOCK_STATEMENTS,
    ...SET_CONFIG,
    ...RENAMED_COLUMNS,
    ...IRIS_FUNCTIONS,
    revokeFunctions(FORBIDDEN_FUNCTIONS),
    'set allow_system_table_mods = off',
  ];
}
