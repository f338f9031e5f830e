import type { WebApplication } from '../manifest/module-manifest.js';
import { APPLICATION_PROPERTIES, autheEnabled } from '../manifest/security-applications.js';
import { writeClass } from './class-writer.js';
import { stringLiteral, textExpression } from './literals.js';

export interface WebAppInstallerOptions {
  /** E.g. `MyApp.Installer`. */
  readonly className: string;
  readonly application: WebApplication;
  /** Adds EnableCallIn(): for clients outside of IRIS such as irispython. Web applications do not need it. */
  readonly callIn?: boolean;
}

/**
 * A class that creates, checks and removes a web application without IPM. Inside a module `<WebApplication>` does the
 * same; use this where there is no IPM, or where a program has to do it through a class method.
 * `Install`, `Uninstall` and `EnableCallIn` return `%Status`; `IsInstalled` a boolean. All need %Admin_Secure:USE.
 *
 * @throws IrisError `IRIS_OPTION` for a class name or an expression that cannot be generated.
 */
export function generateWebAppInstaller(options: WebAppInstallerOptions): string {
  const { application } = options;
  const name = stringLiteral(application.name);
  return writeClass(
    options.className,
    [`Creates and removes the web application ${application.name}.`],
    [
      {
        name: 'Install',
        returns: '%Status',
        documentation: ['Create the web application, or give it these properties when it exists.'],
        body: [
          ...propertyLines(application),
          'New $NAMESPACE',
          'Set $NAMESPACE = "%SYS"',
          `If ##class(Security.Applications).Exists(${name}) {`,
          `    Return ##class(Security.Applications).Modify(${name}, .properties)`,
          '}',
          `Return ##class(Security.Applications).Create(${name}, .properties)`,
        ],
      },
      {
        name: 'Uninstall',
        returns: '%Status',
        documentation: ['Remove the web application; no error when it is already gone.'],
        body: [
          'New $NAMESPACE',
          'Set $NAMESPACE = "%SYS"',
          `If '##class(Security.Applications).Exists(${name}) {`,
          '    Return $$$OK',
          '}',
          `Return ##class(Security.Applications).Delete(${name})`,
        ],
      },
      {
        name: 'IsInstalled',
        returns: '%Boolean',
        body: [
          'New $NAMESPACE',
          'Set $NAMESPACE = "%SYS"',
          `Return ##class(Security.Applications).Exists(${name})`,
        ],
      },
      ...(options.callIn === true ? [ENABLE_CALL_IN] : []),
    ],
  );
}

/** Directories and the namespace are read before the method moves to %SYS. */
function propertyLines(application: WebApplication): string[] {
  const given: Readonly<Record<string, string | number | boolean | undefined>> = {
    ...application.properties,
    AutheEnabled: autheEnabled(application.authentication),
  };
  return Object.keys(APPLICATION_PROPERTIES).flatMap((key) => {
    const value = given[key] ?? (key === 'NameSpace' ? '${namespace}' : undefined);
    if (value === undefined) return [];
    const code =
      typeof value === 'string'
        ? textExpression(value)
        : String(typeof value === 'boolean' ? Number(value) : value);
    return [`Set properties(${stringLiteral(key)}) = ${code}`];
  });
}

const ENABLE_CALL_IN = {
  name: 'EnableCallIn',
  returns: '%Status',
  documentation: ['Enable %Service_CallIn with operating system (16) and password (32) authentication.'],
  body: [
    'New $NAMESPACE',
    'Set $NAMESPACE = "%SYS"',
    'Set properties("Enabled") = 1',
    'Set properties("AutheEnabled") = 48',
    'Return ##class(Security.Services).Modify("%Service_CallIn", .properties)',
  ],
};
