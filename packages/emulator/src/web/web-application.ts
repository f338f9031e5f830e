import { ALL_ROLE } from '../users/user.js';
import type { SecurityRecord } from '../server/security-settings.js';
import type { User } from '../users/user.js';
import type { PythonApplication } from './python-process.js';

/** Bits of AutheEnabled that concern a web request. */
const AUTHE_PASSWORD = 32;
const AUTHE_UNAUTHENTICATED = 64;
const PYTHON_DISPATCH_CLASS = '%SYS.Python.WSGI';
const ASGI_TYPE = '2';

/** A web application of Security.Applications, as far as serving it needs. */
export interface WebApplication {
  /** URL prefix without a slash at its end. */
  readonly prefix: string;
  readonly namespace: string;
  readonly enabled: boolean;
  readonly allowsPassword: boolean;
  readonly allowsUnauthenticated: boolean;
  readonly matchRoles: string;
  /** `undefined`: nothing serves this application here, because it is not a Python one. */
  readonly python: PythonApplication | undefined;
  /** Directory of files that are served as they are; `undefined`: none are. */
  readonly files: string | undefined;
}

export function webApplication(name: string, record: SecurityRecord): WebApplication {
  const authe = Number(record.AutheEnabled ?? AUTHE_UNAUTHENTICATED);
  return {
    prefix: name.replace(/\/+$/, ''),
    namespace: record.NameSpace ?? 'USER',
    enabled: record.Enabled !== '0',
    allowsPassword: (authe & AUTHE_PASSWORD) !== 0,
    allowsUnauthenticated: (authe & AUTHE_UNAUTHENTICATED) !== 0,
    matchRoles: record.MatchRoles ?? '',
    python: pythonApplication(record),
    files: record.ServeFiles === '0' || !record.Path ? undefined : record.Path,
  };
}

/** Without the dispatch class the WSGI properties do nothing, in IRIS as here. */
function pythonApplication(record: SecurityRecord): PythonApplication | undefined {
  const {
    DispatchClass,
    WSGIAppLocation = '',
    WSGIAppName = '',
    WSGICallable = 'app',
    WSGIDebug,
    WSGIType,
  } = record;
  if (DispatchClass !== PYTHON_DISPATCH_CLASS || WSGIAppLocation === '' || WSGIAppName === '')
    return undefined;
  return {
    location: WSGIAppLocation,
    module: WSGIAppName,
    callable: WSGICallable,
    asgi: WSGIType === ASGI_TYPE,
    debug: WSGIDebug === '1',
  };
}

/** The application whose prefix is the longest that fits a path; prefixes are compared without case. */
export function findApplication(
  applications: readonly WebApplication[],
  path: string,
): WebApplication | undefined {
  const wanted = path.toLowerCase();
  return applications
    .filter(({ prefix }) => {
      const start = prefix.toLowerCase();
      return wanted === start || wanted.startsWith(`${start}/`);
    })
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
}

/**
 * The roles that a user has inside an application. MatchRoles is `Match:Target:Target,...`: who has the role Match gets the
 * targets; an empty Match is everyone.
 */
export function rolesWithin({ matchRoles }: WebApplication, user: User): readonly string[] {
  const roles = new Set(user.roles);
  for (const rule of matchRoles.split(',')) {
    const [match = '', ...targets] = rule.split(':').map((part) => part.trim());
    const applies = match === '' || user.roles.some((role) => role.toLowerCase() === match.toLowerCase());
    if (!applies) continue;
    for (const target of targets)
      roles.add(target.toLowerCase() === ALL_ROLE.toLowerCase() ? ALL_ROLE : target);
  }
  roles.delete('');
  return [...roles];
}
