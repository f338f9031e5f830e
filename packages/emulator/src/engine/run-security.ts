import { sqlError } from '@iris-devtools/core';
import type { PrincipalDef } from '../catalog/model.js';
import type { Statement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkAdmin } from './privileges.js';
import { checkPrivilege, runGrant } from './run-grant.js';
import { roleExists, saveCatalog, userExists } from './principals.js';
import { runRevoke } from './run-revoke.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };
const PASSWORD_LENGTH = { least: 3, most: 32 };

const KINDS = [
  'create-role',
  'create-user',
  'alter-user',
  'drop-role',
  'drop-user',
  'grant',
  'revoke',
  'check-privilege',
] as const;

type SecurityStatement = Extract<Statement, { kind: (typeof KINDS)[number] }>;

export const isSecurityStatement = (statement: Statement): statement is SecurityStatement =>
  (KINDS as readonly string[]).includes(statement.kind);

export async function runSecurity(statement: SecurityStatement, session: SessionState): Promise<SqlOutcome> {
  switch (statement.kind) {
    case 'create-role':
      checkAdmin('%CREATE_ROLE', session);
      return createRole(statement.role.name, session);
    case 'create-user':
      checkAdmin('%CREATE_USER', session);
      return createUser(statement.user.name, statement.password, session);
    case 'alter-user':
      return alterUser(statement.user.name, statement.password, session);
    case 'drop-role':
    case 'drop-user': {
      const kind = statement.kind === 'drop-role' ? 'role' : 'user';
      checkAdmin(kind === 'role' ? '%DROP_ROLE' : '%DROP_USER', session);
      return dropPrincipal(kind, statement.name.name, statement.ifExists, session);
    }
    case 'grant':
      return runGrant(statement, session);
    case 'revoke':
      return runRevoke(statement, session);
    case 'check-privilege':
      return checkPrivilege(statement.grant, statement.withOption, session);
  }
}

/** Users and roles share one name space. @throws IrisError -118 */
async function createPrincipal(kind: 'role' | 'user', name: string, session: SessionState): Promise<void> {
  const principal: PrincipalDef = {
    kind,
    id: session.core.catalog.newId(),
    name,
    roles: [],
    adminPrivileges: [],
  };
  await saveCatalog([principal], [], session);
}

function checkFree(name: string, session: SessionState): void {
  if (roleExists(name, session) || userExists(name, session)) {
    throw sqlError(-118, ` User or role '${name}' already exists`);
  }
}

async function createRole(name: string, session: SessionState): Promise<SqlOutcome> {
  if (/[,:/]/.test(name)) throw sqlError(-400, `ERROR #887: Role name '${name}' is invalid`);
  checkFree(name, session);
  await createPrincipal('role', name, session);
  return DONE;
}

/** Without a password the account has an empty one. */
async function createUser(
  name: string,
  password: string | undefined,
  session: SessionState,
): Promise<SqlOutcome> {
  checkFree(name, session);
  if (password !== undefined) checkPassword(password);
  await session.core.users?.create(name, password ?? '');
  await createPrincipal('user', name, session);
  return DONE;
}

function checkPassword({ length }: string): void {
  if (length >= PASSWORD_LENGTH.least && length <= PASSWORD_LENGTH.most) return;
  throw sqlError(-400, 'ERROR #845: Password does not match length or pattern requirements');
}

/** One's own password needs no privilege. @throws IrisError -99, -400 no such user, a password of wrong length */
async function alterUser(name: string, password: string, session: SessionState): Promise<SqlOutcome> {
  if (name.toUpperCase() !== session.user.toUpperCase()) checkAdmin('%ALTER_USER', session);
  if (!userExists(name, session)) throw sqlError(-400, `ERROR #838: User ${name} does not exist`);
  checkPassword(password);
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
  const isName = (other: string): boolean => other.toUpperCase() === name.toUpperCase();
  const granted = catalog
    .namespaces()
    .flatMap((namespace) => catalog.privileges(namespace.name))
    .filter((privilege) => isName(privilege.grantee));
  const holders = [...catalog.principals('user'), ...catalog.principals('role')]
    .filter((holder) => kind === 'role' && holder !== principal && holder.roles.some(isName))
    .map((holder) => ({ ...holder, roles: holder.roles.filter((role) => !isName(role)) }));
  await saveCatalog(
    holders,
    [...(principal === undefined ? [] : [principal.id]), ...granted.map((privilege) => privilege.id)],
    session,
  );
  return DONE;
}
