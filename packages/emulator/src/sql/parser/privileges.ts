import type {
  AlterUserStatement,
  CheckPrivilegeStatement,
  CreateUserStatement,
  Grant,
  GrantStatement,
  Identifier,
  ObjectPrivilege,
  PrivilegeSubject,
  RevokeStatement,
} from '../ast.js';
import type { TokenCursor } from './token-cursor.js';

const ACTIONS: ReadonlySet<string> = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REFERENCES',
  'EXECUTE',
  'USE',
  'CANCEL',
  '%ALTER',
  'ALL',
  '*',
]);

/** Those that can be about single columns. */
const OF_COLUMNS: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']);

/** Administrative privileges begin like this; other names with a percent sign are roles, such as %All. */
const ADMINISTRATIVE = /^%(?:CREATE|DROP|ALTER|DB|BUILD|TUNE|MANAGE|USE|NO)_?[A-Z]/;

const OBJECT_TYPES = ['TABLE', 'VIEW', 'PROCEDURE', 'SERVER'] as const;

/** Schemas and roles may be told apart from objects only by what follows, so a list is read first. */
interface Granted extends ObjectPrivilege {
  readonly name: Identifier;
}

export function parseGrant(p: TokenCursor): GrantStatement {
  const { position } = p;
  p.expectWord('GRANT');
  const grant = parseGrantBody(p);
  p.expectWord('TO');
  const grantees = p.commaList(() => p.principal());
  const withOption = p.acceptWord('WITH');
  if (withOption) {
    p.expectAnyWord('GRANT', 'ADMIN');
    p.expectWord('OPTION');
  }
  return { kind: 'grant', grant, grantees, withOption, position };
}

export function parseRevoke(p: TokenCursor): RevokeStatement {
  const { position } = p;
  p.expectWord('REVOKE');
  const optionOnly = p.acceptWord('GRANT', 'OPTION', 'FOR') || p.acceptWord('ADMIN', 'OPTION', 'FOR');
  const grant = parseGrantBody(p);
  p.expectWord('FROM');
  const grantees = p.commaList(() => p.principal());
  // unverified on a live server: RESTRICT as the default when neither word is given
  const behavior = p.acceptAnyWord('CASCADE', 'RESTRICT') ?? 'RESTRICT';
  const grantor = p.acceptWord('AS') ? p.principal() : undefined;
  return { kind: 'revoke', grant, grantees, optionOnly, behavior, ...(grantor && { grantor }), position };
}

/** `%CHECKPRIV [GRANT OPTION FOR] SELECT (a), UPDATE ON t` */
export function parseCheckPrivilege(p: TokenCursor): CheckPrivilegeStatement {
  const { position } = p;
  p.expectWord('%CHECKPRIV');
  const withOption = p.acceptWord('GRANT', 'OPTION', 'FOR') || p.acceptWord('ADMIN', 'OPTION', 'FOR');
  return { kind: 'check-privilege', grant: parseGrantBody(p), withOption, position };
}

function parseGrantBody(p: TokenCursor): Grant {
  const granted = p.commaList(() => parseGranted(p));
  if (!p.acceptWord('ON')) return rolesOrPrivileges(p, granted);
  for (const { action, name } of granted) {
    if (!ACTIONS.has(action)) {
      throw p.error(
        -60,
        `An action (%ALTER, SELECT, UPDATE, etc.) expected, IDENTIFIER (${name.name}) found`,
      );
    }
  }
  const privileges = granted.map(({ action, columns, position }): ObjectPrivilege => {
    return { action: action === 'ALL' ? '*' : action, columns, position };
  });
  return { kind: 'object', privileges, subject: parseSubject(p) };
}

function parseGranted(p: TokenCursor): Granted {
  const { token } = p;
  const { position } = token;
  if (ACTIONS.has(token.upper)) {
    p.advance();
    if (token.upper === 'ALL') p.acceptWord('PRIVILEGES');
    const columns = OF_COLUMNS.has(token.upper) && p.isSymbol('(') ? p.identifierList() : [];
    return { action: token.upper, columns, name: { name: token.text, delimited: false, position }, position };
  }
  const name = p.principal();
  return { action: name.name.toUpperCase(), columns: [], name, position };
}

/** @throws IrisError -1 for privileges next to roles */
function rolesOrPrivileges(p: TokenCursor, granted: readonly Granted[]): Grant {
  const action = granted.find((item) => ACTIONS.has(item.action) && !item.name.delimited);
  if (action !== undefined) return p.expected('ON');
  if (granted.every((item) => !item.name.delimited && ADMINISTRATIVE.test(item.action))) {
    return { kind: 'admin', privileges: granted.map((item) => item.action) };
  }
  if (granted.some((item) => !item.name.delimited && ADMINISTRATIVE.test(item.action)))
    throw p.error(-1, 'Either roles or administrative privileges expected, both found');
  return { kind: 'roles', roles: granted.map(({ name }) => name) };
}

function parseSubject(p: TokenCursor): PrivilegeSubject {
  if (p.acceptSymbol('*')) return { kind: 'all' };
  if (p.acceptWord('SCHEMA')) return { kind: 'schema', schemas: p.commaList(() => p.identifier()) };
  if (p.acceptWord('ML', 'CONFIGURATION')) {
    return { kind: 'objects', objectType: 'ML CONFIGURATION', names: p.commaList(() => p.qualifiedName()) };
  }
  const objectType = p.acceptAnyWord(...OBJECT_TYPES);
  return { kind: 'objects', objectType, names: p.commaList(() => p.qualifiedName()) };
}

/** `USER u [IDENTIFY | IDENTIFIED BY password | [WITH] PASSWORD password]` */
export function parseCreateUser(p: TokenCursor, position: number): CreateUserStatement {
  p.expectWord('USER');
  const user = p.principal();
  if (!p.isWord('IDENTIFY', 'IDENTIFIED', 'WITH', 'PASSWORD')) return { kind: 'create-user', user, position };
  return { kind: 'create-user', user, password: parsePassword(p), position };
}

export function parseAlterUser(p: TokenCursor, position: number): AlterUserStatement {
  p.expectWord('USER');
  const user = p.principal();
  return { kind: 'alter-user', user, password: parsePassword(p), position };
}

/** A name, a delimited identifier, a string or a number. No message ever shows it. */
function parsePassword(p: TokenCursor): string {
  if (p.acceptWord('WITH')) p.expectWord('PASSWORD');
  else if (p.expectAnyWord('IDENTIFY', 'IDENTIFIED', 'PASSWORD') !== 'PASSWORD') p.expectWord('BY');
  if (p.atEnd || p.token.kind === 'symbol') p.expected('Password');
  p.markSecret();
  return p.advance().text;
}
