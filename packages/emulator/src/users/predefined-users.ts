import { ALL_ROLE } from './user.js';
import type { UserStore } from './user-store.js';
import type { UserChanges } from './user.js';

/** An account to create at the first start. */
export interface InitialUser extends UserChanges {
  readonly name: string;
}

/** The accounts that an IRIS installation brings along, with their roles. */
const PREDEFINED: readonly InitialUser[] = [
  { name: '_SYSTEM', fullName: 'SQL System Manager', roles: [ALL_ROLE] },
  { name: 'SuperUser', fullName: 'System Super User', roles: [ALL_ROLE] },
  { name: 'Admin', fullName: 'System Administrator', roles: ['%Manager'] },
  { name: 'CSPSystem', fullName: 'CSP Gateway System Account', roles: [] },
];

/** Unauthenticated work runs as this account; nobody can log in as it with a password. */
const UNKNOWN_USER: InitialUser = { name: 'UnknownUser', fullName: 'Unknown User', roles: [] };

/**
 * Fills an empty store with the accounts of a fresh installation and those asked for.
 * @param password of the predefined accounts
 * @param expired true: the predefined accounts must change their password at the first login, as in IRIS's images
 */
export async function createPredefinedUsers(
  store: UserStore,
  password: string,
  expired: boolean,
  additional: readonly InitialUser[],
): Promise<void> {
  for (const { name, ...changes } of PREDEFINED) {
    // A password per account would be hashed with its own salt anyway, so accounts share no stored hash.
    await store.create(name, { ...changes, password, changePassword: expired, passwordNeverExpires: true });
  }
  const { name, ...changes } = UNKNOWN_USER;
  await store.create(name, changes);
  await applyUsers(store, additional);
}

/** Creates or changes the accounts that the caller configured. */
export async function applyUsers(store: UserStore, users: readonly InitialUser[]): Promise<void> {
  for (const { name, ...changes } of users) {
    if (store.get(name) === undefined) await store.create(name, { roles: [ALL_ROLE], ...changes });
    else await store.modify(name, changes);
  }
}
