import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import type { SecurityRecord } from '../../server/security-settings.js';

/** Properties that can be set, with the defaults of IRIS 2024.3. Names that are not here are ignored, as IRIS does. */
export const DEFAULTS: SecurityRecord = {
  NameSpace: 'USER',
  Enabled: '1',
  AutheEnabled: '64',
  MatchRoles: '',
  Resource: '',
  Type: '2',
  DispatchClass: '',
  WSGIAppLocation: '',
  WSGIAppName: '',
  WSGICallable: 'app',
  WSGIDebug: '0',
  WSGIType: '1',
  ServeFiles: '1',
  ServeFilesTimeout: '3600',
  Path: '',
  Recurse: '1',
  Timeout: '900',
  UseCookies: '2',
  CookiePath: '',
  SessionScope: '2',
  UserCookieScope: '2',
  GroupById: '',
  Description: '',
  CSRFToken: '0',
  CSPZENEnabled: '1',
  InbndWebServicesEnabled: '1',
  DeepSeeEnabled: '0',
  iKnowEnabled: '0',
  IsNameSpaceDefault: '0',
  LoginPage: '',
  ErrorPage: '',
  EventClass: '',
  Package: '',
  SuperClass: '',
  PermittedClasses: '',
  RedirectEmptyPath: '0',
  TwoFactorEnabled: '0',
  JWTAuthEnabled: '0',
  JWTAccessTokenTimeout: '60',
  JWTRefreshTokenTimeout: '900',
};

export const MAX_NAME_LENGTH = 64;
const NAME = /^\/[^\s?#]{0,63}$/;
const MAX_TEXT_LENGTH = 256;

export interface ApplicationStore {
  application(name: string): SecurityRecord | undefined;
  putApplication(name: string, record: SecurityRecord): Promise<void>;
}

/** Adds an application. @returns a %Status */
export async function createRecord(
  store: ApplicationStore,
  name: string,
  changes: Iterable<readonly [string, string]>,
): Promise<string | number> {
  if (!NAME.test(name)) {
    return errorStatus(
      STATUS_CODE.generalError,
      `An application name starts with "/" and has up to ${MAX_NAME_LENGTH} characters`,
    );
  }
  if (store.application(name) !== undefined)
    return errorStatus(STATUS_CODE.applicationExists, `Application ${name} already exists`);
  return putRecord(store, name, DEFAULTS, changes);
}

/** Stores `base` with changes; names that are no properties are left out. @returns a %Status */
export async function putRecord(
  store: ApplicationStore,
  name: string,
  base: SecurityRecord,
  changes: Iterable<readonly [string, string]>,
): Promise<string | number> {
  const known = [...changes].filter(([property]) => Object.hasOwn(DEFAULTS, property));
  const problem = known
    .map(([property, value]) => problemOf(property, value))
    .find((text) => text !== undefined);
  if (problem !== undefined) return errorStatus(STATUS_CODE.generalError, problem);
  await store.putApplication(name, { ...base, ...Object.fromEntries(known) });
  return STATUS_OK;
}

function problemOf(property: string, value: string): string | undefined {
  if (property !== 'MatchRoles' && value.length > MAX_TEXT_LENGTH)
    return `${property} is longer than ${MAX_TEXT_LENGTH} characters`;
  if (property === 'WSGIType' && value !== '1' && value !== '2') return 'WSGIType is 1 (WSGI) or 2 (ASGI)';
  if (['Enabled', 'WSGIDebug'].includes(property) && value !== '0' && value !== '1')
    return `${property} is 0 or 1`;
  return undefined;
}
