import type { WebApplication } from '@iris-devtools/ipm';
import { autheEnabled } from '@iris-devtools/ipm';
import type { ApplicationRecord } from './application-host.js';

/** Values for the expressions that IPM would evaluate. */
export function evaluator(
  baseDirectory: string,
  namespace: string,
  globalsRole: string,
): (text: string) => string {
  return (text) =>
    text
      .replaceAll('${libDir}', () => baseDirectory)
      .replaceAll('${namespace}', () => namespace)
      .replaceAll('${globalsDbRole}', () => globalsRole);
}

/** A web application of a module as a record of Security.Applications. */
export function recordOf(application: WebApplication, evaluate: (text: string) => string): ApplicationRecord {
  const properties = Object.entries(application.properties).map(([name, value]): [string, string] => [
    name,
    typeof value === 'boolean'
      ? String(Number(value))
      : typeof value === 'number'
        ? String(value)
        : evaluate(value),
  ]);
  return {
    ...Object.fromEntries(properties),
    AutheEnabled: String(autheEnabled(application.authentication)),
  };
}
