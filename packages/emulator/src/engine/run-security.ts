import { sqlError } from '@iris-devtools/core';
import type { CatalogEntry, PrincipalDef, PrivilegeDef, Relation } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import type {
  Grant,
  GrantStatement,
  Identifier,
  PrivilegeSubject,
  RevokeStatement,
  Statement,
} from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkAdmin, hasPrivilege } from './privileges.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };

type SecurityStatement = Extract<
  Statement,
  {
    kind:
      | 'create-role'
      | 'create-user'
      | 'alter-user'
      | 'drop-role'
      | 'drop-user'
      | 'grant'
      | 'revoke'
      | 'check-privilege';
  }
>;

const KINDS = [
  'create-role',
  'create-user',
  'alter-user',
  'drop-role',
  'drop-user',
  'grant',
  'revoke',
  'check-privilege',
];
export const isSecurityStatement = (statement: Statement): statement is SecurityStatement =>
  KINDS.includes(statement.kind);

export async function runSecurity(statement: SecurityStatement, session: SessionState): Promise<SqlOutcome> {
  switch (statement.kind) {
    case 'create-role':
      checkAdmin('%CREATE_ROLE', session);
      return createPrincipal('role', statement.role.name, undefined, session);
    case 'create-user':
      checkAdmin('%CREATE_USER', session);
      return createPrincipal('user', statement.user.name, statement.password ?? '', session);
    case 'alter-user':
      checkAdmin('%ALTER_USER', session);
      return alterUser(statement.user.name, statement.password, session);
    case 'drop-role':
    case 'drop-user':
      checkAdmin(statement.kind === 'drop-role' ? '%DROP_ROLE' : '%DROP_USER', session);
      return dropPrincipal(
        statement.kind === 'drop-role' ? 'role' : 'user',
        statement.name.name,
        statement.ifExists,
        session,
      );
    case 'grant':
      return grant(statement, session);
    case 'revoke':
      return revoke(statement, session);
    case 'check-privilege':
      return checkPrivilege(statement.grant, statement.withOption, session);
  }
}

async function save(
  put: readonly CatalogEntry[],
  remove: readonly number[],
  session: SessionState,
): Promise<void> {
  const { catalog, storage } = session.core;
  const change = { put, remove };
  await catalog.write(storage, change);
  catalog.apply(change);
}

/** Roles that every instance has. */
const SYSTEM_ROLES: readonly string[] = [
  '%ALL',
  '%DEVELOPER',
  '%MANAGER',
  '%OPERATOR',
  '%SQL',
  '%DB_USER',
  '%DB_%DEFAULT',
];

const roleExists = (name: string, session: SessionState): boolean =>
  SYSTEM_ROLES.includes(name.toUpperCase()) || session.core.catalog.principal('role', name) !== undefined;

function userExists(name: string, session: SessionState): boolean {
  const { core } = session;
  return (
    core.isPrivileged(name) ||
    core.users?.exists(name) === true ||
    core.catalog.principal('user', name) !== undefined
  );
}

/** Users and roles share one name space. @throws IrisError -118 */
async function createPrincipal(
  kind: 'role' | 'user',
  name: string,
  password: string | undefined,
  session: SessionState,
): Promise<SqlOutcome> {
  if (roleExists(name, session) || userExists(name, session)) {
    throw sqlError(-118, ` User or role '${name}' already exists`);
  }
  if (kind === 'user') await session.core.users?.create(name, password ?? '');
  const principal: PrincipalDef = {
    kind,
    id: session.core.catalog.newId(),
    name,
    roles: [],
    adminPrivileges: [],
  };
  await save([principal], [], session);
  return DONE;
}

async function alterUser(name: string, password: string, session: SessionState): Promise<SqlOutcome> {
  if (!userExists(name, session)) throw sqlError(-118, ` User '${name}' does not exist`);
  await session.core.users?.setPassword(name, password);
  return DONE;
}

async function dropPrincipal(
  kind: 'role' | 'user',
  name: string,
  ifExists: boolean,
  session: SessionState,
): Promise<SqlOutcome> {
  const { catalog, users } = session.core;
  const principal = catalog.principal(kind, name);
  const known = principal !== undefined || (kind === 'user' && users?.exists(name) === true);
  if (!known) {
    const message = `${kind === 'role' ? 'Role' : 'User'} '${name}' does not exist`;
    if (ifExists) return { ...DONE, sqlcode: 1, message };
    throw sqlError(-118, ` ${message}`);
  }
  if (kind === 'user') await users?.drop(name);
  const granted = catalog
    .namespaces()
    .flatMap((namespace) => catalog.privileges(namespace.name))
    .filter((privilege) => privilege.grantee.toUpperCase() === name.toUpperCase());
  await save(
    [],
    [...(principal === undefined ? [] : [principal.id]), ...granted.map((privilege) => privilege.id)],
    session,
  );
  return DONE;
}

/** Objects by id, `schema:NAME`, `*`. @throws IrisError -30, -473 */
function subjects(
  subject: PrivilegeSubject,
  session: SessionState,
): { readonly key: string; readonly relation?: Relation }[] {
  const { catalog, settings } = session.core;
  switch (subject.kind) {
    case 'all':
      return [{ key: '*' }];
    case 'schema':
      return subject.schemas.map(({ name }) => {
        if (catalog.schema(session.namespace, name) === undefined)
          throw sqlError(-473, ` Schema '${name}' not found`);
        return { key: `schema:${name.toUpperCase()}` };
      });
    case 'objects':
      return subject.names.map((name) => {
        const schema = name.schema?.name ?? settings.defaultSchema;
        const relation = catalog.relation(session.namespace, schema, name.name.name);
        if (relation !== undefined) return { key: String(relation.id), relation };
        const routine = catalog.routine(session.namespace, schema, name.name.name);
        if (routine !== undefined) return { key: String(routine.id) };
        throw sqlError(-30, ` Table '${schema.toUpperCase()}.${name.name.name.toUpperCase()}' not found`);
      });
  }
}

/** @throws IrisError -118 for an unknown grantee */
function checkGrantees(grantees: readonly Identifier[], session: SessionState): void {
  for (const { name } of grantees) {
    if (name === '*' || name.toUpperCase() === '_PUBLIC') continue;
    if (!roleExists(name, session) && !userExists(name, session))
      throw sqlError(-118, ` Unknown user or role '${name}'`);
  }
}

function mayGrant(action: string, relation: Relation | undefined, session: SessionState): void {
  const allowed =
    relation === undefined
      ? session.core.isPrivileged(session.user)
      : hasPrivilege(action, relation, session, true);
  if (!allowed) {
    const on = relation === undefined ? '' : ` on '${displayName(relation)}'`;
    throw sqlError(-99, ` User ${session.user} may not grant ${action}${on}`);
  }
}

async function grant(statement: GrantStatement, session: SessionState): Promise<SqlOutcome> {
  checkGrantees(statement.grantees, session);
  const { grant: what } = statement;
  if (what.kind !== 'object') return changePrincipals(what, statement.grantees, true, session);
  const added: PrivilegeDef[] = [];
  for (const { key, relation } of subjects(what.subject, session)) {
    for (const { action, columns } of what.privileges) {
      mayGrant(action, relation, session);
      const columnIds = relation?.kind === 'table' ? namedColumns(relation.columns, columns) : [];
      for (const { name } of statement.grantees) {
        added.push({
          kind: 'privilege',
          id: session.core.catalog.newId(),
          namespace: session.namespace,
          grantee: name,
          action,
          subject: key,
          columnIds,
          grantable: statement.withOption,
          grantor: session.user,
        });
      }
    }
  }
  await save(added, [], session);
  return DONE;
}

function namedColumns(
  columns: readonly { readonly id: number; readonly name: string }[],
  names: readonly Identifier[],
): number[] {
  return names.map(({ name }) => {
    const found = columns.find((column) => column.name.toUpperCase() === name.toUpperCase());
    if (found === undefined) throw sqlError(-29, ` Field '${name}' not found`);
    return found.id;
  });
}

async function revoke(statement: RevokeStatement, session: SessionState): Promise<SqlOutcome> {
  checkGrantees(statement.grantees, session);
  const { grant: what } = statement;
  if (what.kind !== 'object') return changePrincipals(what, statement.grantees, false, session);
  const grantees = statement.grantees.map(({ name }) => name.toUpperCase());
  const actions = what.privileges.map(({ action }) => action);
  const keys = subjects(what.subject, session).map(({ key }) => key);
  const found = session.core.catalog
    .privileges(session.namespace)
    .filter(
      (privilege) =>
        grantees.includes(privilege.grantee.toUpperCase()) &&
        keys.includes(privilege.subject) &&
        (actions.includes(privilege.action) || actions.includes('*')),
    );
  const passedOn = session.core.catalog
    .privileges(session.namespace)
    .filter(
      (privilege) => grantees.includes(privilege.grantor.toUpperCase()) && keys.includes(privilege.subject),
    );
  if (passedOn.length > 0 && statement.behavior === 'RESTRICT')
    throw sqlError(-126, ' REVOKE with RESTRICT failed.');
  if (statement.optionOnly) {
    await save(
      found.map((privilege) => ({ ...privilege, grantable: false })),
      [],
      session,
    );
  } else {
    await save(
      [],
      [...found, ...passedOn].map((privilege) => privilege.id),
      session,
    );
  }
  return DONE;
}

const ADMIN_PRIVILEGE =
  /^%(ALTER_TABLE|ALTER_VIEW|ALTER_USER|BUILD_INDEX|CANCEL_QUERY|CREATE_DATABASE|CREATE_FUNCTION|CREATE_METHOD|CREATE_ML_CONFIGURATION|CREATE_MODEL|CREATE_PROCEDURE|CREATE_QUERY|CREATE_ROLE|CREATE_SCHEMA|CREATE_TABLE|CREATE_TRIGGER|CREATE_USER|CREATE_VIEW|DB_OBJECT_DEFINITION|DROP_ANY_ROLE|DROP_DATABASE|DROP_FUNCTION|DROP_METHOD|DROP_PROCEDURE|DROP_QUERY|DROP_ROLE|DROP_SCHEMA|DROP_TABLE|DROP_TRIGGER|DROP_USER|DROP_VIEW|GRANT_ANY_PRIVILEGE|GRANT_ANY_ROLE|NOCHECK|NOINDEX|NOJOURN|NOLOCK|NOTRIGGER|TUNE_TABLE|USE_EMBEDDING)$/;

/** Roles and administrative privileges. An unknown administrative privilege ends with 100. */
async function changePrincipals(
  what: Exclude<Grant, { kind: 'object' }>,
  grantees: readonly Identifier[],
  add: boolean,
  session: SessionState,
): Promise<SqlOutcome> {
  checkAdmin('%GRANT_ANY_ROLE', session);
  if (what.kind === 'admin' && what.privileges.some((privilege) => !ADMIN_PRIVILEGE.test(privilege))) {
    return { ...DONE, sqlcode: 100 };
  }
  if (what.kind === 'roles') {
    for (const { name } of what.roles)
      if (!roleExists(name, session)) throw sqlError(-118, ` Unknown role '${name}'`);
  }
  const { catalog } = session.core;
  const merge = (own: readonly string[], given: readonly string[]): string[] => {
    const rest = own.filter((name) => !given.some((other) => other.toUpperCase() === name.toUpperCase()));
    return add ? [...rest, ...given] : rest;
  };
  const changed = grantees.map(({ name }): PrincipalDef => {
    const kind = roleExists(name, session) ? 'role' : 'user';
    const principal = catalog.principal(kind, name) ?? {
      kind,
      id: catalog.newId(),
      name,
      roles: [],
      adminPrivileges: [],
    };
    return what.kind === 'roles'
      ? {
          ...principal,
          roles: merge(
            principal.roles,
            what.roles.map((role) => role.name),
          ),
        }
      : { ...principal, adminPrivileges: merge(principal.adminPrivileges, what.privileges) };
  });
  await save(changed, [], session);
  return DONE;
}

/** %CHECKPRIV: 0 when the user has the privilege, 100 when not. */
async function checkPrivilege(what: Grant, withOption: boolean, session: SessionState): Promise<SqlOutcome> {
  await Promise.resolve();
  const has = (): boolean => {
    if (what.kind === 'roles') return session.core.isPrivileged(session.user);
    if (what.kind === 'admin') {
      try {
        for (const privilege of what.privileges) checkAdmin(privilege, session);
        return true;
      } catch {
        return false;
      }
    }
    return subjects(what.subject, session).every(({ relation }) =>
      what.privileges.every(({ action }) =>
        relation === undefined
          ? session.core.isPrivileged(session.user)
          : hasPrivilege(action, relation, session, withOption),
      ),
    );
  };
  // sqlalchemy-iris 0.20 takes the privilege for held when no row is affected, and not -1, which DDL gives.
  return has() ? { ...DONE, sqlcode: 0, rowCount: 0 } : { ...DONE, sqlcode: 100 };
}
