import { sqlError } from '@iris-devtools/core';
import { displayName } from '../catalog/names.js';
import type { PrivilegeDef, Relation } from '../catalog/model.js';
import type { PrivilegeNeed } from '../compile/context.js';
import { rolesOf } from './session-state.js';
import type { SessionState } from './session-state.js';

/** @throws IrisError -99 */
export function checkPrivileges(needs: readonly PrivilegeNeed[], session: SessionState): void {
  if (session.core.isPrivileged(session.user)) return;
  for (const { action, relation } of needs) {
    if (!hasPrivilege(action, relation, session)) {
      throw sqlError(
        -99,
        ` User ${session.user} is not privileged for the operation: ${action} on '${displayName(relation)}'`,
      );
    }
  }
}

export function hasPrivilege(
  action: string,
  relation: Relation,
  session: SessionState,
  grantOption = false,
): boolean {
  const { catalog } = session.core;
  if (session.core.isPrivileged(session.user)) return true;
  if (relation.owner.toUpperCase() === session.user.toUpperCase()) return true;
  if (relation.kind === 'table' && relation.system === true) return action === 'SELECT';
  const grantees = new Set(
    [session.user, '*', '_PUBLIC', ...rolesOf(session)].map((name) => name.toUpperCase()),
  );
  return catalog
    .privileges(session.namespace)
    .some(
      (privilege) =>
        grantees.has(privilege.grantee.toUpperCase()) &&
        (privilege.action === action || privilege.action === '*') &&
        (!grantOption || privilege.grantable) &&
        covers(privilege, relation),
    );
}

/** Some of these, for the whole or for single columns. */
export const hasAnyPrivilege = (
  actions: readonly string[],
  relation: Relation,
  session: SessionState,
): boolean => actions.some((action) => hasPrivilege(action, relation, session));

function covers(privilege: PrivilegeDef, relation: Relation): boolean {
  // A grant of single columns is kept but opens nothing: needs are known by table only.
  if (privilege.columnIds.length > 0) return false;
  if (privilege.subject === '*') return true;
  if (privilege.subject.startsWith('schema:'))
    return privilege.subject.slice(7) === relation.schema.toUpperCase();
  return privilege.subject === String(relation.id);
}

/** An administrative privilege such as %CREATE_TABLE. @throws IrisError -99 */
export function checkAdmin(privilege: string, session: SessionState): void {
  const { core, user } = session;
  if (core.isPrivileged(user)) return;
  const principals = [
    core.catalog.principal('user', user),
    ...rolesOf(session).map((role) => core.catalog.principal('role', role)),
  ];
  if (principals.some((principal) => principal?.adminPrivileges.includes(privilege) === true)) return;
  throw sqlError(-99, ` User ${user} does not have ${privilege} privileges`);
}
