import type { PasswordHash } from './password-hash.js';

/** One account, with the properties of IRIS's `Security.Users` that can be told apart from outside. */
export interface User {
  /** As created; compared without case. */
  readonly name: string;
  readonly fullName: string;
  readonly comment: string;
  readonly enabled: boolean;
  /** The next login is refused until the password has been changed. */
  readonly changePassword: boolean;
  readonly passwordNeverExpires: boolean;
  readonly accountNeverExpires: boolean;
  /** `YYYY-MM-DD`, the first day on which the account is refused; `''`: none. */
  readonly expirationDate: string;
  readonly roles: readonly string[];
  /** Where the user starts when a login names no namespace; `''`: the instance's default. */
  readonly startNamespace: string;
  readonly password: PasswordHash | undefined;
  /** Wrong passwords since the last good one. */
  readonly invalidLoginAttempts: number;
  /** Milliseconds since 1970; 0: never. */
  readonly lastLoginAt: number;
}

/** What may be given when an account is created or changed; absent fields keep their value. */
export interface UserChanges {
  readonly fullName?: string;
  readonly comment?: string;
  readonly enabled?: boolean;
  readonly changePassword?: boolean;
  readonly passwordNeverExpires?: boolean;
  readonly accountNeverExpires?: boolean;
  readonly expirationDate?: string;
  readonly roles?: readonly string[];
  readonly startNamespace?: string;
  /** Plain text; only its hash is kept. */
  readonly password?: string;
}

/** The role that may do everything. */
export const ALL_ROLE = '%All';

export function blankUser(name: string): User {
  return {
    name,
    fullName: '',
    comment: '',
    enabled: true,
    changePassword: false,
    passwordNeverExpires: false,
    accountNeverExpires: false,
    expirationDate: '',
    roles: [],
    startNamespace: '',
    password: undefined,
    invalidLoginAttempts: 0,
    lastLoginAt: 0,
  };
}
