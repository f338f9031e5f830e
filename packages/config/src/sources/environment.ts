import { parseIrisUrl } from '../iris-url.js';
import { OPTIONS, OPTION_NAMES, type OptionName, type OptionRow } from '../options.js';
import type { Finding, Source } from '../source.js';

/** What is no number stays as it is, for the error that shows it. */
function secondsToMs(text: string): string | number {
  return /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : text;
}

/** Reads variables by the names in the option table; a single variable beats a part of `IRIS_URL`. */
export function findInVariables(
  variables: Readonly<Record<string, string | undefined>>,
  place: string,
): Finding | null {
  const settings: Partial<Record<OptionName, unknown>> = {};
  const from = new Map<string, string>();
  const url = variables['IRIS_URL'];
  if (url !== undefined && url !== '') {
    const source = `${place} IRIS_URL`;
    for (const [name, value] of Object.entries(parseIrisUrl(url, source))) {
      settings[name as OptionName] = value;
      from.set(name, source);
    }
  }
  const isSet = (variable: string): boolean => (variables[variable] ?? '') !== '';
  for (const name of OPTION_NAMES) {
    const { env, envSeconds = [] }: OptionRow = OPTIONS[name];
    const variable = [...env, ...envSeconds].find(isSet);
    if (variable === undefined) continue;
    const value = variables[variable] ?? '';
    settings[name] = envSeconds.includes(variable) ? secondsToMs(value) : value;
    from.set(name, `${place} ${variable}`);
  }
  if (from.size === 0) return null;
  return { settings, describe: (option) => from.get(option) ?? place };
}

export const environment: Source = {
  name: 'environment',
  findsServer: false,
  find: ({ env }) => Promise.resolve(findInVariables(env, 'environment variable')),
};
