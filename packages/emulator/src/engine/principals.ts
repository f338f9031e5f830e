import { sqlError } from '@iris-devtools/core';
import type { CatalogEntry, PrincipalDef } from '../catalog/model.js';
import type { Grant, Identifier, PrivilegeSubject } from '../sql/ast.js';
import { schemaSubject, subjectOf } from './privileges.js';
import type { Subject } from './privileges.js';
import type { SessionState } from './session-state.js';

export async function saveCatalog(
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

export const roleExists = (name: string, session: SessionState): boolean =>
  SYSTEM_ROLES.includes(name.toUpperCase()) || session.core.catalog.principal('role', name) !== undefined;

export function userExists(name: string, session: SessionState): boolean {
  const { core } = session;
  return (
    core.isPrivileged(name) ||
    core.users?.exists(name) === true ||
    core.catalog.principal('user', name) !== undefined
  );
}

export const isEveryone = (name: string): boolean => name === '*' || name.toUpperCase() === '_PUBLIC';

/** @throws IrisError -118 for an unknown grantee */
export function checkGrantees(grantees: readonly Identifier[], session: SessionState): void {
  for (const { name } of grantees) {
    if (isEveryone(name)) continue;
    if (!roleExists(name, session) && !userExists(name, session))
      throw sqlError(-118, ` Unknown user or role '${name}'`);
  }
}

export function principalNamed(name: string, session: SessionState): PrincipalDef {
  const kind = roleExists(name, session) ? 'role' : 'user';
  const { catalog } = session.core;
  return catalog.principal(kind, name) ?? { kind, id: catalog.newId(), name, roles: [], adminPrivileges: [] };
}

export interface NamedSubject {
  readonly key: string;
  /** Undefined: a schema. */
  readonly object?: Subject;
}

/** `ON *` is every object of the namespace as it is now. @throws IrisError -30, -473 */
export function subjectsOf(subject: PrivilegeSubject, session: SessionState): readonly NamedSubject[] {
  const { catalog, settings } = session.core;
  const { namespace } = session;
  const named = (object: Subject): NamedSubject => ({ key: subjectOf(object), object });
  switch (subject.kind) {
    case 'all':
      return [...catalog.tables(namespace), ...catalog.views(namespace), ...catalog.routines(namespace)].map(
        named,
      );
    case 'schema':
      return subject.schemas.map(({ name }) => {
        if (catalog.schema(namespace, name) === undefined)
          throw sqlError(-473, ` Schema '${name}' not found`);
        return { key: schemaSubject(name) };
      });
    case 'objects':
      return subject.names.map((name) => {
        const schema = name.schema?.name ?? settings.defaultSchema;
        const found =
          catalog.relation(namespace, schema, name.name.name) ??
          catalog.routine(namespace, schema, name.name.name);
        if (found !== undefined) return named(found);
        throw sqlError(-30, ` Table '${schema.toUpperCase()}.${name.name.name.toUpperCase()}' not found`);
      });
  }
}

const ADMIN_PRIVILEGE =
  /^%(ALTER_TABLE|ALTER_VIEW|ALTER_USER|BUILD_INDEX|CANCEL_QUERY|CREATE_DATABASE|CREATE_FUNCTION|CREATE_METHOD|CREATE_ML_CONFIGURATION|CREATE_MODEL|CREATE_PROCEDURE|CREATE_QUERY|CREATE_ROLE|CREATE_SCHEMA|CREATE_TABLE|CREATE_TRIGGER|CREATE_USER|CREATE_VIEW|DB_OBJECT_DEFINITION|DROP_ANY_ROLE|DROP_DATABASE|DROP_FUNCTION|DROP_METHOD|DROP_PROCEDURE|DROP_QUERY|DROP_ROLE|DROP_SCHEMA|DROP_TABLE|DROP_TRIGGER|DROP_USER|DROP_VIEW|GRANT_ANY_PRIVILEGE|GRANT_ANY_ROLE|NOCHECK|NOINDEX|NOJOURN|NOLOCK|NOTRIGGER|TUNE_TABLE|USE_EMBEDDING)$/;

export type PrincipalGrant = Exclude<Grant, { kind: 'object' }>;

/** All of them exist. One that does not makes GRANT and REVOKE end with 100. */
export const areKnown = (what: PrincipalGrant, session: SessionState): boolean =>
  what.kind === 'admin'
    ? what.privileges.every((privilege) => ADMIN_PRIVILEGE.test(privilege))
    : what.roles.every(({ name }) => roleExists(name, session));

export const grantedNames = (what: PrincipalGrant): readonly string[] =>
  what.kind === 'admin' ? what.privileges : what.roles.map(({ name }) => name);
