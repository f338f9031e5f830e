/**
 * The properties of `Security.Applications`, which are the attributes of `<WebApplication>`.
 * Source: the class reference of IRIS 2024.3; Cors* and JWT* need a newer IRIS than 2024.1.
 */
interface PropertyShape {
  readonly kind: 'text' | 'integer' | 'flag';
  /** Longest value in characters, where the class limits it. */
  readonly maxChars?: number;
}

const text = (maxChars?: number) => ({
  kind: 'text' as const,
  ...(maxChars === undefined ? {} : { maxChars }),
});
const integer = { kind: 'integer' } as const;
const flag = { kind: 'flag' } as const;

export const APPLICATION_PROPERTIES = {
  NameSpace: text(64),
  Enabled: flag,
  AutheEnabled: integer,
  MatchRoles: text(),
  Resource: text(64),
  Type: integer,
  Description: text(256),
  DispatchClass: text(256),
  WSGIAppLocation: text(256),
  WSGIAppName: text(256),
  WSGICallable: text(256),
  WSGIDebug: flag,
  WSGIType: integer,
  Path: text(256),
  ServeFiles: integer,
  ServeFilesTimeout: integer,
  Recurse: flag,
  Timeout: integer,
  UseCookies: integer,
  CookiePath: text(),
  SessionScope: integer,
  UserCookieScope: integer,
  GroupById: text(),
  CSRFToken: flag,
  CSPZENEnabled: flag,
  InbndWebServicesEnabled: flag,
  DeepSeeEnabled: flag,
  iKnowEnabled: flag,
  IsNameSpaceDefault: flag,
  LoginPage: text(),
  ErrorPage: text(),
  EventClass: text(),
  Package: text(),
  SuperClass: text(),
  PermittedClasses: text(),
  RedirectEmptyPath: flag,
  TwoFactorEnabled: flag,
  JWTAuthEnabled: flag,
  JWTAccessTokenTimeout: integer,
  JWTRefreshTokenTimeout: integer,
  CorsAllowlist: text(),
  CorsCredentialsAllowed: flag,
  CorsHeadersList: text(),
} as const satisfies Record<string, PropertyShape>;

export type ApplicationPropertyName = keyof typeof APPLICATION_PROPERTIES;

interface KindValues {
  readonly text: string;
  readonly integer: number;
  readonly flag: boolean;
}

/** Values by property; a flag is written as `1` or `0`. */
export type ApplicationProperties = {
  readonly [K in ApplicationPropertyName]?: KindValues[(typeof APPLICATION_PROPERTIES)[K]['kind']];
};

/** Looks a property up by its exact name. */
export function applicationProperty(name: string): PropertyShape | undefined {
  return Object.hasOwn(APPLICATION_PROPERTIES, name)
    ? APPLICATION_PROPERTIES[name as ApplicationPropertyName]
    : undefined;
}

/** Bits of `AutheEnabled`. */
export const AUTHENTICATION_BITS = {
  kerberos: 4,
  password: 32,
  unauthenticated: 64,
  ldap: 2048,
  delegated: 8192,
  'login-token': 16_384,
} as const;

export type AuthenticationMethod = keyof typeof AUTHENTICATION_BITS;

/** `AutheEnabled` for a set of methods. */
export function autheEnabled(methods: readonly AuthenticationMethod[]): number {
  return methods.reduce((bits, method) => bits | AUTHENTICATION_BITS[method], 0);
}

/** Attributes of the older `<CSPApplication>` that set a bit of `AutheEnabled`; `<WebApplication>` ignores them. */
export const CSP_AUTHENTICATION_ATTRIBUTES: Readonly<Record<string, AuthenticationMethod>> = {
  PasswordAuthEnabled: 'password',
  UnauthenticatedEnabled: 'unauthenticated',
  DelegatedAuthEnabled: 'delegated',
  KerberosAuthEnabled: 'kerberos',
  LoginTokenEnabled: 'login-token',
};
