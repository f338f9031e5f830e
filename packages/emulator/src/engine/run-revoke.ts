import { sqlError } from '@iris-devtools/core';
import type { PrincipalDef, PrivilegeDef } from '../catalog/model.js';
import type { RevokeStatement } from '../sql/ast.js';
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
import type { PrincipalGrant } from './principals.js';
import { isPrivileged } from './privileges.js';
import { columnsNamed, expanded, mayPassOn } from './run-grant.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };
const NOTHING: SqlOutcome = { sqlcode: 100, rows: [], rowCount: -1 };

/** 100: there was nothing to revoke. @throws IrisError -118, -126, -99, -30, -473 */
export async function runRevoke(statement: RevokeStatement, session: SessionState): Promise<SqlOutcome> {
  const { grant: what } = statement;
  if (what.kind !== 'object') return revokeFromPrincipals(statement, what, session);
  checkGrantees(statement.grantees, session);
  const found = grantsToRevoke(statement, session);
  if (found.length === 0) return NOTHING;
  const passedOn = dependentGrants(found, session);
  if (passedOn.length > 0 && statement.behavior === 'RESTRICT')
    throw sqlError(-126, ' REVOKE with RESTRICT failed.');
  const removed = passedOn.map((grant) => grant.id);
  if (statement.optionOnly) {
    await saveCatalog(
      found.map((grant) => ({ ...grant, grantable: false })),
      removed,
      session,
    );
  } else {
    await saveCatalog([], [...found.map((grant) => grant.id), ...removed], session);
  }
  return DONE;
}

/** Only what was granted by the one who revokes, or by whom AS names; those who may do everything revoke any. */
function grantsToRevoke(statement: RevokeStatement, session: SessionState): readonly PrivilegeDef[] {
  const { grant: what, grantor } = statement;
  if (what.kind !== 'object') return [];
  const wanted = subjectsOf(what.subject, session).flatMap((subject) =>
    expanded(what.privileges, subject, false).map(({ action, columns }) => ({
      subject: subject.key,
      action,
      columnIds: columnsNamed(subject.object, columns),
    })),
  );
  const grantees = statement.grantees.map(({ name }) => name.toUpperCase());
  const by = grantor?.name ?? (isPrivileged(session) ? undefined : session.user);
  return session.core.catalog
    .privileges(session.namespace)
    .filter(
      (grant) =>
        (grantees.includes('*') || grantees.includes(grant.grantee.toUpperCase())) &&
        (by === undefined || grant.grantor.toUpperCase() === by.toUpperCase()) &&
        wanted.some(
          ({ subject, action, columnIds }) =>
            grant.subject === subject && grant.action === action && sameColumns(grant.columnIds, columnIds),
        ),
    );
}

const sameColumns = (granted: readonly number[], named: readonly number[]): boolean =>
  named.length === 0 ? granted.length === 0 : granted.length > 0 && granted.every((id) => named.includes(id));

/** What the holders of the grants have passed on, and so on. */
function dependentGrants(found: readonly PrivilegeDef[], session: SessionState): readonly PrivilegeDef[] {
  const all = session.core.catalog.privileges(session.namespace);
  const dependent = new Set<PrivilegeDef>();
  const visit = (grant: PrivilegeDef): void => {
    for (const other of all) {
      const isNext =
        other.grantor.toUpperCase() === grant.grantee.toUpperCase() &&
        other.subject === grant.subject &&
        other.action === grant.action;
      if (!isNext || dependent.has(other)) continue;
      dependent.add(other);
      visit(other);
    }
  };
  for (const grant of found) visit(grant);
  return [...dependent].filter((grant) => !found.includes(grant));
}

/** Roles and administrative privileges; whether the grantee had them does not matter. */
async function revokeFromPrincipals(
  { grantees, optionOnly }: RevokeStatement,
  what: PrincipalGrant,
  session: SessionState,
): Promise<SqlOutcome> {
  if (!areKnown(what, session)) return NOTHING;
  checkGrantees(grantees, session);
  mayPassOn(what, session);
  const { catalog } = session.core;
  const taken = grantedNames(what).map((name) => name.toUpperCase());
  const without = (names: readonly string[]): string[] =>
    names.filter((name) => !taken.includes(name.toUpperCase()));
  const everyone = grantees.some(({ name }) => isEveryone(name));
  const principals = everyone
    ? [...catalog.principals('user'), ...catalog.principals('role')]
    : grantees.map(({ name }) => principalNamed(name, session));
  const changed = principals.map((principal): PrincipalDef => ({
    ...principal,
    ...(optionOnly
      ? {}
      : what.kind === 'roles'
        ? { roles: without(principal.roles) }
        : { adminPrivileges: without(principal.adminPrivileges) }),
    adminOptions: without(principal.adminOptions ?? []),
  }));
  await saveCatalog(changed, [], session);
  return DONE;
}
