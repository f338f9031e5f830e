import type { UserDirectory } from '../engine/core.js';
import { ALL_ROLE } from './user.js';
import type { UserStore } from './user-store.js';

/** The accounts as SQL's CREATE USER, ALTER USER and DROP USER see them. */
export function sqlAccounts(users: UserStore): UserDirectory {
  return {
    exists: (name) => users.get(name) !== undefined,
    create: async (name, password) => {
      await users.create(name, { password });
    },
    setPassword: async (name, password) => {
      await users.modify(name, { password, changePassword: false });
    },
    drop: async (name) => {
      await users.delete(name);
    },
  };
}

/** May this user do everything in SQL? */
export function holdsAllRights(users: UserStore, name: string): boolean {
  return users.get(name)?.roles.includes(ALL_ROLE) ?? false;
}
