import { IrisError } from '@iris-devtools/core';
import type { WebApplication } from './module-manifest.js';
import type { ApplicationProperties, AuthenticationMethod } from './security-applications.js';
import { WSGI_DISPATCH_CLASS } from './vocabulary.js';

/** A Python application that IRIS serves inside its own web processes. */
export interface PythonApplicationOptions {
  /** URL prefix, e.g. `/api`. */
  readonly urlPrefix: string;
  /** Directory on `sys.path`, ends with `/`; the target of the module's FileCopy. */
  readonly location: string;
  /** Module and callable, e.g. `myapp_wsgi:app` or `app.wsgi:application`. */
  readonly app: string;
  readonly authentication: readonly AuthenticationMethod[];
  /** Roles that requests get in addition, e.g. `:${globalsDbRole}`; the leading colon grants them always. */
  readonly matchRoles?: string;
  /** Where the Python code runs. Default: the namespace that the module is installed in. */
  readonly namespace?: string;
  /** Reload changed sources; for development only. */
  readonly debug?: boolean;
  readonly properties?: Omit<ApplicationProperties, 'AutheEnabled'>;
}

const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/**
 * Splits `package.module:callable`.
 * @throws IrisError `IRIS_OPTION` when either half is missing or is not a Python name.
 */
export function parseAppName(app: string): { readonly module: string; readonly callable: string } {
  const [module = '', callable = '', ...rest] = app.split(':');
  if (!MODULE.test(module) || !IDENTIFIER.test(callable) || rest.length > 0) {
    throw new IrisError(`"${app}" does not name a Python application`, {
      code: 'IRIS_OPTION',
      hint: 'Write module:callable, e.g. myapp:app or mysite.wsgi:application.',
    });
  }
  return { module, callable };
}

/** A WSGI application. Needs IRIS 2024.1; say so in `systemRequirements.iris`. */
export function wsgiApplication(options: PythonApplicationOptions): WebApplication {
  return pythonApplication(options, {});
}

/** An ASGI application: IRIS runs it synchronously through `a2wsgi`. Needs IRIS 2024.2 and a2wsgi in requirements.txt. */
export function asgiApplication(options: PythonApplicationOptions): WebApplication {
  return pythonApplication(options, { WSGIType: 2 });
}

function pythonApplication(options: PythonApplicationOptions, type: ApplicationProperties): WebApplication {
  const { module, callable } = parseAppName(options.app);
  return {
    kind: 'web-application',
    name: options.urlPrefix,
    authentication: options.authentication,
    properties: {
      NameSpace: options.namespace ?? '${namespace}',
      Enabled: true,
      ...(options.matchRoles === undefined ? {} : { MatchRoles: options.matchRoles }),
      DispatchClass: WSGI_DISPATCH_CLASS,
      WSGIAppLocation: options.location,
      WSGIAppName: module,
      WSGICallable: callable,
      WSGIDebug: options.debug ?? false,
      ...type,
      ...options.properties,
    },
  };
}
