import { parseIrisUrl } from '../iris-url.js';
import { OPTIONS, OPTION_NAMES, type OptionName } from '../options.js';
import type { Finding, Source } from '../source.js';

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
  for (const name of OPTION_NAMES) {
    const variable = OPTIONS[name].env.find((candidate) => (variables[candidate] ?? '') !== '');
    if (variable === undefined) continue;
    settings[name] = variables[variable];
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
