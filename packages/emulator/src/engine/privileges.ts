import { sqlError } from '@iris-devtools/core';
import { displayName } from '../catalog/names.js';
import type { PrincipalDef, PrivilegeDef, Relation, RoutineDef } from '../catalog/model.js';
import type { PrivilegeNeed } from '../compile/context.js';
import { rolesOf } from './session-state.js';
import type { SessionState } from './session-state.js';

/** What a privilege can be about. */
export type Subject = Relation | RoutineDef;

/** How a privilege names its object: it outlives the object, and is there for the next one of that name. */
export const subjectOf = ({ schema, name }: Pick<Subject, 'schema' | 'name'>): string =>
  `object:${schema.toUpperCase()}.${name.toUpperCase()}`;

export const schemaSubject = (schema: string): string => `schema:${schema.toUpperCase()}`;

/** May this session do everything? */
export const isPrivileged = (session: SessionState): boolean =>
  session.core.isPrivileged(session.user) || rolesOf(session).some((role) => role.toUpperCase() === '%ALL');

/** @throws IrisError -99 */
export function checkPrivileges(needs: readonly PrivilegeNeed[], session: SessionState): void {
  if (isPrivileged(session)) return;
  for (const need of needs) {
    if (need.onlyForColumns === true && need.columns.size === 0) continue;
    const missing = missingColumns(need.action, need.relation, [...need.columns], session);
    if (missing.length > 0) throw refusal(need.action, need.relation, missing, session);
  }
}

export function refusal(
  action: string,
  relation: Subject,
  missing: readonly string[],
  { user }: SessionState,
): Error {
  const columns = missing.includes('*') ? '' : ` (${missing.join(', ')})`;
  return sqlError(
    -99,
    ` User ${user} is not privileged for the operation: ${action}${columns} on '${displayName(relation)}'`,
  );
}

/** Columns, by their upper-case names, that the session has no right to; `*` for a relation without any right. */
export function missingColumns(
  action: string,
  relation: Relation,
  columns: readonly string[],
  session: SessionState,
  grantOption = false,
): readonly string[] {
  if (hasPrivilege(action, relation, session, grantOption)) return [];
  const granted = new Set(
    grantsOf(session)
      .filter((grant) => grant.columnIds.length > 0 && matches(grant, action, relation, grantOption))
      .flatMap((grant) => grant.columnIds),
  );
  if (granted.size === 0) return ['*'];
  return columns.filter((name) => !granted.has(columnKey(relation, name) ?? -1));
}

/** By what a grant names a column. The RowID has no grants of its own. */
export function columnKey(relation: Relation, name: string): number | undefined {
  const wanted = name.toUpperCase();
  if (relation.kind === 'table') {
    return relation.columns.find((column) => column.name.toUpperCase() === wanted)?.id;
  }
  const index = relation.columns.findIndex((column) => column.name.toUpperCase() === wanted);
  return index < 0 ? undefined : index + 1;
}

/** For the whole of an object. */
export function hasPrivilege(
  action: string,
  subject: Subject,
  session: SessionState,
  grantOption = false,
): boolean {
  if (isPrivileged(session)) return true;
  if (subject.owner.toUpperCase() === session.user.toUpperCase()) return true;
  if (subject.kind === 'table' && subject.system === true) return action === 'SELECT';
  return grantsOf(session).some(
    (grant) => grant.columnIds.length === 0 && matches(grant, action, subject, grantOption),
  );
}

/** Some of these, for the whole or for single columns. */
export const hasAnyPrivilege = (
  actions: readonly string[],
  relation: Relation,
  session: SessionState,
): boolean => actions.some((action) => missingColumns(action, relation, [], session).length === 0);

/** What has been granted to the user, to the user's roles and to everyone. */
export function grantsOf(session: SessionState): readonly PrivilegeDef[] {
  const grantees = new Set(
    [session.user, '*', '_PUBLIC', ...rolesOf(session)].map((name) => name.toUpperCase()),
  );
  return session.core.catalog
    .privileges(session.namespace)
    .filter((grant) => grantees.has(grant.grantee.toUpperCase()));
}

function matches(grant: PrivilegeDef, action: string, subject: Subject, grantOption: boolean): boolean {
  if (grant.action !== action) return false;
  const isOwn = grant.subject === subjectOf(subject);
  // The option for a schema lets pass on the schema, not single objects of it.
  if (grantOption) return isOwn && grant.grantable;
  return isOwn || grant.subject === schemaSubject(subject.schema);
}

const DEFINITION = '%DB_OBJECT_DEFINITION';
/** The privileges that %DB_OBJECT_DEFINITION stands for. */
const DEFINITIONS = new Set(
  ['FUNCTION', 'METHOD', 'PROCEDURE', 'QUERY', 'TABLE', 'TRIGGER', 'VIEW'].flatMap((what) => [
    `%CREATE_${what}`,
    `%DROP_${what}`,
    `%ALTER_${what}`,
  ]),
);

/** An administrative privilege such as %CREATE_TABLE. @throws IrisError -99 */
export function checkAdmin(privilege: string, session: SessionState): void {
  if (hasAdmin(privilege, session)) return;
  throw sqlError(-99, ` User ${session.user} does not have ${privilege} privileges`);
}

export function hasAdmin(privilege: string, session: SessionState): boolean {
  if (isPrivileged(session)) return true;
  const names = DEFINITIONS.has(privilege) ? [privilege, DEFINITION] : [privilege];
  return principalsOf(session).some(({ adminPrivileges }) =>
    adminPrivileges.some((name) => names.includes(name)),
  );
}

/** WITH ADMIN OPTION of a role or an administrative privilege. */
export const hasAdminOption = (name: string, session: SessionState): boolean =>
  isPrivileged(session) ||
  principalsOf(session).some(({ adminOptions }) => adminOptions?.includes(name.toUpperCase()) === true);

function principalsOf(session: SessionState): readonly PrincipalDef[] {
  const { catalog } = session.core;
  const all = [
    catalog.principal('user', session.user),
    ...rolesOf(session).map((role) => catalog.principal('role', role)),
  ];
  return all.filter((principal) => principal !== undefined);
}

/** Keywords of INSERT, UPDATE, DELETE and TRUNCATE that switch something off. */
const RESTRICTED = ['%NOCHECK', '%NOINDEX', '%NOJOURN', '%NOLOCK', '%NOTRIGGER'];

/** @throws IrisError -99 */
export function checkKeywords(keywords: readonly string[], session: SessionState): void {
  for (const keyword of keywords) if (RESTRICTED.includes(keyword)) checkAdmin(keyword, session);
}
