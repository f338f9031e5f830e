import { sqlError } from '@iris-devtools/core';
import type { PrincipalDef, PrivilegeDef } from '../catalog/model.js';
import type { Grant, GrantStatement, Identifier, ObjectPrivilege } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import {
  areKnown,
  checkGrantees,
  grantedNames,
  isEveryone,
  principalNamed,
  saveCatalog,
  subjectsOf,
} from './principals.js';
import type { NamedSubject, PrincipalGrant } from './principals.js';
import {
  columnKey,
  grantsOf,
  hasAdmin,
  hasAdminOption,
  hasPrivilege,
  isPrivileged,
  missingColumns,
  refusal,
} from './privileges.js';
import type { Subject } from './privileges.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };
const NOTHING: SqlOutcome = { sqlcode: 100, rows: [], rowCount: -1 };

const OF_ROUTINES: readonly string[] = ['EXECUTE'];
const OF_TABLES: readonly string[] = ['%ALTER', 'DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE'];

/** 100: there was nothing to grant. @throws IrisError -99, -112, -118, -30, -473, -29 */
export async function runGrant(statement: GrantStatement, session: SessionState): Promise<SqlOutcome> {
  const { grant: what } = statement;
  if (what.kind !== 'object') return grantToPrincipals(statement, what, session);
  checkGrantees(statement.grantees, session);
  const added: PrivilegeDef[] = [];
  for (const subject of subjectsOf(what.subject, session)) {
    for (const { action, columns } of expanded(what.privileges, subject, what.subject.kind === 'all')) {
      mayGrant(action, subject, columns, session);
      const columnIds = columnsNamed(subject.object, columns);
      for (const { name } of statement.grantees) {
        const grant: PrivilegeDef = {
          kind: 'privilege',
          id: session.core.catalog.newId(),
          namespace: session.namespace,
          grantee: name,
          action,
          subject: subject.key,
          columnIds,
          grantable: statement.withOption,
          grantor: session.user,
        };
        if (!isGranted(grant, session)) added.push(grant);
      }
    }
  }
  if (added.length === 0) return NOTHING;
  await saveCatalog(added, [], session);
  return DONE;
}

/** `*` stands for what the object has; with `ON *`, privileges that an object cannot have are left out. */
export function expanded(
  privileges: readonly ObjectPrivilege[],
  { object }: NamedSubject,
  fitting: boolean,
): readonly ObjectPrivilege[] {
  const possible =
    object === undefined
      ? [...OF_TABLES, ...OF_ROUTINES]
      : object.kind === 'routine'
        ? OF_ROUTINES
        : OF_TABLES;
  return privileges.flatMap((privilege) => {
    if (privilege.action === '*') return possible.map((action) => ({ ...privilege, action }));
    return fitting && !possible.includes(privilege.action) ? [] : [privilege];
  });
}

function isGranted(grant: PrivilegeDef, session: SessionState): boolean {
  return session.core.catalog
    .privileges(session.namespace)
    .some(
      (known) =>
        known.grantee.toUpperCase() === grant.grantee.toUpperCase() &&
        known.grantor.toUpperCase() === grant.grantor.toUpperCase() &&
        known.action === grant.action &&
        known.subject === grant.subject &&
        (known.grantable || !grant.grantable) &&
        (known.columnIds.length === 0 ||
          (grant.columnIds.length > 0 && grant.columnIds.every((id) => known.columnIds.includes(id)))),
    );
}

/** @throws IrisError -29 */
export function columnsNamed(object: Subject | undefined, columns: readonly Identifier[]): number[] {
  if (object === undefined || object.kind === 'routine') return [];
  return columns.map(({ name }) => {
    const found = columnKey(object, name);
    if (found === undefined) throw sqlError(-29, ` Field '${name}' not found`);
    return found;
  });
}

/** @throws IrisError -99 */
function mayGrant(
  action: string,
  { key, object }: NamedSubject,
  columns: readonly Identifier[],
  session: SessionState,
): void {
  if (isPrivileged(session)) return;
  if (object === undefined) {
    const allowed = grantsOf(session).some(
      (grant) => grant.subject === key && grant.action === action && grant.grantable,
    );
    if (allowed) return;
    throw sqlError(-99, ` User ${session.user} may not grant ${action}`);
  }
  const names = columns.map(({ name }) => name.toUpperCase());
  const allowed =
    object.kind === 'routine' || names.length === 0
      ? hasPrivilege(action, object, session, true)
      : missingColumns(action, object, names, session, true).length === 0;
  if (!allowed) throw refusal(`GRANT ${action}`, object, ['*'], session);
}

/** Roles and administrative privileges. */
async function grantToPrincipals(
  { grantees, withOption }: GrantStatement,
  what: PrincipalGrant,
  session: SessionState,
): Promise<SqlOutcome> {
  if (!areKnown(what, session)) return NOTHING;
  checkGrantees(grantees, session);
  mayPassOn(what, session);
  const given = grantedNames(what);
  const changed = grantees
    .filter(({ name }) => !isEveryone(name))
    .map(({ name }): PrincipalDef => {
      const principal = principalNamed(name, session);
      const options = withOption ? given.map((other) => other.toUpperCase()) : [];
      return {
        ...principal,
        ...(what.kind === 'roles'
          ? { roles: merged(principal.roles, given) }
          : { adminPrivileges: merged(principal.adminPrivileges, given) }),
        adminOptions: merged(principal.adminOptions ?? [], options),
      };
    });
  await saveCatalog(changed, [], session);
  return DONE;
}

function merged(own: readonly string[], given: readonly string[]): string[] {
  const added = given.map((name) => name.toUpperCase());
  return [...own.filter((name) => !added.includes(name.toUpperCase())), ...given];
}

/** @throws IrisError -112 for a role, -99 for an administrative privilege */
export function mayPassOn(what: PrincipalGrant, session: SessionState): void {
  for (const name of grantedNames(what)) {
    if (hasAdmin('%GRANT_ANY_ROLE', session) || hasAdminOption(name, session)) continue;
    if (what.kind === 'roles')
      throw sqlError(-112, ` User ${session.user} has no ADMIN OPTION for role '${name}'`);
    throw sqlError(-99, ` User ${session.user} may not grant ${name}`);
  }
}

/** %CHECKPRIV: 0 when the user has the privilege, 100 when not. @throws IrisError -30, -473 */
export async function checkPrivilege(
  what: Grant,
  withOption: boolean,
  session: SessionState,
): Promise<SqlOutcome> {
  await Promise.resolve();
  // sqlalchemy-iris 0.20 takes the privilege for held when no row is affected, and not -1, which DDL gives.
  return hasGrant(what, withOption, session) ? { ...DONE, rowCount: 0 } : NOTHING;
}

function hasGrant(what: Grant, withOption: boolean, session: SessionState): boolean {
  switch (what.kind) {
    case 'roles':
      return isPrivileged(session);
    case 'admin':
      return what.privileges.every(
        (privilege) => hasAdmin(privilege, session) && (!withOption || hasAdminOption(privilege, session)),
      );
    case 'object':
      return subjectsOf(what.subject, session).every((subject) =>
        expanded(what.privileges, subject, false).every(({ action, columns }) => {
          const { object } = subject;
          if (object === undefined) return isPrivileged(session);
          const names = columns.map(({ name }) => name.toUpperCase());
          return object.kind === 'routine' || names.length === 0
            ? hasPrivilege(action, object, session, withOption)
            : missingColumns(action, object, names, session, withOption).length === 0;
        }),
      );
  }
}
