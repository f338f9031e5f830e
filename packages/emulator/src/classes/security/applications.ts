import { readPropertyArray, writePropertyArray } from '../property-list.js';
import { errorStatus, STATUS_CODE, STATUS_OK } from '../status.js';
import { administratorOnly } from './privilege.js';
import type { SecurityRecord } from '../../server/security-settings.js';
import type { ClassDefinition } from '../class-definition.js';

/** Properties that can be set, with the defaults of IRIS 2024.3. Names that are not here are ignored, as IRIS does. */
const DEFAULTS: SecurityRecord = {
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

const NAME = /^\/[^\s?#]{0,63}$/;
const MAX_PATH_LENGTH = 256;

/** Security.Applications: web applications, WSGI and ASGI ones among them. */
export const securityApplicationsClass: ClassDefinition = {
  name: 'Security.Applications',
  systemOnly: true,
  classMethods: {
    Exists: (process, args) => Number(process.instance.security.application(args.text(0)) !== undefined),
    Create: administratorOnly(async (process, args) => {
      const name = args.text(0);
      if (!NAME.test(name)) {
        return errorStatus(
          STATUS_CODE.generalError,
          'An application name starts with "/" and has up to 64 characters',
        );
      }
      if (process.instance.security.application(name) !== undefined) {
        return errorStatus(STATUS_CODE.applicationExists, `Application ${name} already exists`);
      }
      return put(process.instance.security, name, DEFAULTS, readPropertyArray(args.value(1)));
    }),
    Get: administratorOnly((process, args) => {
      const record = process.instance.security.application(args.text(0));
      if (record === undefined) return missing(args.text(0));
      args.assign(1, writePropertyArray(Object.entries(record)));
      return STATUS_OK;
    }),
    Modify: administratorOnly((process, args) => {
      const record = process.instance.security.application(args.text(0));
      if (record === undefined) return missing(args.text(0));
      return put(process.instance.security, args.text(0), record, readPropertyArray(args.value(1)));
    }),
    Delete: administratorOnly(async (process, args) =>
      (await process.instance.security.deleteApplication(args.text(0))) ? STATUS_OK : missing(args.text(0)),
    ),
  },
};

interface ApplicationStore {
  putApplication(name: string, record: SecurityRecord): Promise<void>;
}

async function put(
  store: ApplicationStore,
  name: string,
  base: SecurityRecord,
  changes: ReadonlyMap<string, string>,
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
  if (value.length > MAX_PATH_LENGTH) return `${property} is longer than ${MAX_PATH_LENGTH} characters`;
  if (property === 'WSGIType' && value !== '1' && value !== '2') return 'WSGIType is 1 (WSGI) or 2 (ASGI)';
  if (['Enabled', 'WSGIDebug'].includes(property) && value !== '0' && value !== '1')
    return `${property} is 0 or 1`;
  return undefined;
}

function missing(name: string): string {
  return errorStatus(STATUS_CODE.applicationMissing, `Application ${name} does not exist`);
}
