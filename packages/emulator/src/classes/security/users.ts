import { isIrisError } from '@iris-devtools/core';
import { textOf } from '../../globals/native-value.js';
import { readPropertyArray, writePropertyArray } from '../property-list.js';
import { serverObject } from '../class-definition.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { administratorOnly } from './privilege.js';
import type { NativeValue } from '../../globals/native-value.js';
import type { User, UserChanges } from '../../users/user.js';
import type { UserStore } from '../../users/user-store.js';
import type { ClassDefinition, Property } from '../class-definition.js';
import type { PropertyArray } from '../property-list.js';

type Change = (value: string) => UserChanges;

/** A property of Security.Users: how it is read from an account and, where allowed, written. */
interface UserProperty {
  readonly read?: (user: User) => string | number;
  readonly write?: Change;
}

const flag = (value: string): boolean => value !== '' && Number(value) !== 0;

const PROPERTIES: Readonly<Record<string, UserProperty>> = {
  Name: { read: (user) => user.name },
  FullName: { read: (user) => user.fullName, write: (fullName) => ({ fullName }) },
  Comment: { read: (user) => user.comment, write: (comment) => ({ comment }) },
  Enabled: { read: (user) => Number(user.enabled), write: (value) => ({ enabled: flag(value) }) },
  ChangePassword: {
    read: (user) => Number(user.changePassword),
    write: (value) => ({ changePassword: flag(value) }),
  },
  PasswordNeverExpires: {
    read: (user) => Number(user.passwordNeverExpires),
    write: (value) => ({ passwordNeverExpires: flag(value) }),
  },
  AccountNeverExpires: {
    read: (user) => Number(user.accountNeverExpires),
    write: (value) => ({ accountNeverExpires: flag(value) }),
  },
  ExpirationDate: {
    read: (user) => user.expirationDate,
    write: (expirationDate) => ({ expirationDate }),
  },
  Roles: { read: (user) => user.roles.join(','), write: (value) => ({ roles: rolesOf(value) }) },
  NameSpace: { read: (user) => user.startNamespace, write: (startNamespace) => ({ startNamespace }) },
  InvalidLoginAttempts: { read: (user) => user.invalidLoginAttempts },
  PasswordExternal: { write: (password) => ({ password }) },
};

/** Create(Username, Roles, Password, FullName, NameSpace, Routine, ExpirationDate, ChangePassword, Enabled, Comment) */
const CREATE_ARGUMENTS: readonly (keyof typeof PROPERTIES | undefined)[] = [
  undefined,
  'Roles',
  'PasswordExternal',
  'FullName',
  'NameSpace',
  undefined,
  'ExpirationDate',
  'ChangePassword',
  'Enabled',
  'Comment',
];

export const securityUsersClass: ClassDefinition<User> = {
  name: 'Security.Users',
  systemOnly: true,
  properties: Object.fromEntries(
    Object.entries(PROPERTIES).flatMap(([name, { read }]): [string, Property<User>][] =>
      read === undefined ? [] : [[name, { get: read }]],
    ),
  ),
  classMethods: {
    Create: administratorOnly((process, args) => {
      const { users } = process.instance;
      const changes: UserChanges[] = [];
      CREATE_ARGUMENTS.forEach((name, index) => {
        const write = name === undefined ? undefined : PROPERTIES[name]?.write;
        if (write !== undefined && args.has(index)) changes.push(write(args.text(index)));
      });
      return attempt(() => users.create(args.text(0), Object.assign({}, ...changes) as UserChanges));
    }),
    Get: administratorOnly((process, args) => {
      const user = process.instance.users.get(args.text(0));
      if (user === undefined) return missing(args.text(0));
      args.assign(1, writePropertyArray(readable(user)));
      return STATUS_OK;
    }),
    Modify: administratorOnly((process, args) => {
      const { users } = process.instance;
      const changes = changesOf(readPropertyArray(args.value(1)));
      if (users.get(args.text(0)) === undefined) return missing(args.text(0));
      return attempt(() => users.modify(args.text(0), changes));
    }),
    Exists: (process, args) =>
      exists(process.instance.users, args.text(0), (user) => {
        args.assign(1, process.objects.add(serverObject(securityUsersClass, user)));
        args.assign(2, STATUS_OK);
      }),
    Delete: administratorOnly((process, args) => {
      if (process.instance.users.get(args.text(0)) === undefined) return missing(args.text(0));
      return attempt(() => process.instance.users.delete(args.text(0)));
    }),
    UnExpireUserPasswords: administratorOnly((process, args) =>
      attempt(() => process.instance.users.unexpire(args.text(0, '*'))),
    ),
  },
};

/** Unknown names are ignored, which IRIS does, too (a misspelt property changes nothing). */
function changesOf(properties: PropertyArray): UserChanges {
  const changes = [...properties].map(([name, value]) => PROPERTIES[name]?.write?.(value) ?? {});
  return Object.assign({}, ...changes) as UserChanges;
}

function* readable(user: User): Generator<readonly [string, string | number]> {
  for (const [name, { read }] of Object.entries(PROPERTIES)) if (read !== undefined) yield [name, read(user)];
}

/** Role names are compared without case; the ones that the emulator knows keep their usual spelling. */
function rolesOf(value: string): readonly string[] {
  const known = ['%All', '%Manager', '%Developer', '%Operator', '%SQL'];
  return value
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '')
    .map((role) => known.find((name) => name.toLowerCase() === role.toLowerCase()) ?? role);
}

function exists(users: UserStore, name: string, found: (user: User) => void): NativeValue {
  const user = users.get(name);
  if (user === undefined) return 0;
  found(user);
  return 1;
}

function missing(name: string): string {
  return errorStatus(STATUS_CODE.userMissing, `User ${name} does not exist`);
}

async function attempt(work: () => Promise<unknown>): Promise<NativeValue> {
  try {
    await work();
    return STATUS_OK;
  } catch (error) {
    if (!isIrisError(error) || (error.code !== 'IRIS_STATE' && error.code !== 'IRIS_VALUE')) throw error;
    return errorStatus(STATUS_CODE.userExists, textOf(error.message));
  }
}
