import path from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { cosmiconfig, defaultLoaders } from 'cosmiconfig';
import { unknownOption } from '../option-error.js';
import { OPTION_NAMES, isOptionName, type RawSettings } from '../options.js';
import { parseIrisUrl } from '../iris-url.js';
import type { Source } from '../source.js';

const NAME = 'iris-devtools';

/** What a config file may hold: settings, a `url` for several at once, and named `profiles` of the same shape. */
export interface ConfigFile extends RawSettings {
  readonly url?: string;
  readonly profiles?: Readonly<Record<string, RawSettings & { readonly url?: string }>>;
}

/** Lets an editor check `iris-devtools.config.ts`; returns its argument. */
export const defineConfig = (config: ConfigFile): ConfigFile => config;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readSettings(record: Readonly<Record<string, unknown>>, place: string): RawSettings {
  const { url, profiles: _profiles, ...rest } = record;
  for (const name of Object.keys(rest)) {
    if (!isOptionName(name)) throw unknownOption(name, place, [...OPTION_NAMES, 'url', 'profiles']);
  }
  if (url === undefined) return rest;
  if (typeof url !== 'string') throw wrongShape('url', place, 'an iris:// URL as text');
  return { ...parseIrisUrl(url, `url in ${place}`), ...rest };
}

function wrongShape(name: string, place: string, allowed: string): IrisError {
  return new IrisError(`The value of ${name} (from ${place}) cannot be used`, {
    code: 'IRIS_OPTION',
    hint: `Allowed for ${name}: ${allowed}.`,
    details: { option: name, source: place },
  });
}

function profilesOf(
  file: Readonly<Record<string, unknown>>,
  place: string,
): Readonly<Record<string, unknown>> {
  const { profiles = {} } = file;
  if (isRecord(profiles)) return profiles;
  throw wrongShape('profiles', place, 'an object of settings by profile name');
}

/** A file that cannot be loaded. Loaders quote the lines around the fault, and a password may stand there. */
function notLoaded(error: unknown): IrisError {
  const facts = error as {
    readonly filepath?: unknown;
    readonly mark?: { readonly line?: unknown };
    readonly name?: unknown;
  };
  const file = typeof facts.filepath === 'string' ? path.basename(facts.filepath) : `the ${NAME} config file`;
  const kind = typeof facts.name === 'string' ? facts.name : 'Error';
  const line = typeof facts.mark?.line === 'number' ? `, line ${facts.mark.line + 1}` : '';
  return new IrisError(`${file} cannot be loaded (${kind}${line})`, {
    code: 'IRIS_OPTION',
    hint: 'Correct its syntax; what is wrong is not shown here, since the file may hold a password.',
    details: { source: file },
  });
}

function profileOf(file: Readonly<Record<string, unknown>>, profile: string, place: string): RawSettings {
  const profiles = profilesOf(file, place);
  const found = profiles[profile];
  if (isRecord(found)) return readSettings(found, `profile ${profile} in ${place}`);
  throw new IrisError(`There is no profile ${JSON.stringify(profile)} in ${place}`, {
    code: 'IRIS_OPTION',
    hint: `Profiles there: ${Object.keys(profiles).join(', ') || 'none'}.`,
    details: { source: place },
  });
}

/** TypeScript without a compiler: Node strips the types itself. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the file's path is known only now
const loadTypeScript = (file: string): unknown => require(file);

/** `iris-devtools.config.{ts,js,cjs,json,yaml,yml}` or the key `iris-devtools` of package.json, here or above. */
export const configFile: Source = {
  name: 'config file',
  findsServer: false,
  async find({ cwd, profile }) {
    const extensions = ['ts', 'js', 'cjs', 'json', 'yaml', 'yml'];
    const explorer = cosmiconfig(NAME, {
      searchPlaces: [...extensions.map((extension) => `${NAME}.config.${extension}`), 'package.json'],
      loaders: { ...defaultLoaders, '.ts': loadTypeScript },
      searchStrategy: 'global',
      stopDir: path.parse(cwd).root,
    });
    const result = await explorer.search(cwd).catch((error: unknown) => {
      throw notLoaded(error);
    });
    if (result === null) {
      if (profile === undefined) return null;
      throw new IrisError(`Profile ${JSON.stringify(profile)} was asked for, but there is no config file`, {
        code: 'IRIS_OPTION',
        hint: `Add ${NAME}.config.json with "profiles", or do not name a profile.`,
      });
    }
    const place = path.relative(cwd, result.filepath) || result.filepath;
    const loaded: unknown = result.config;
    const file = isRecord(loaded) && isRecord(loaded['default']) ? loaded['default'] : loaded;
    if (!isRecord(file)) {
      throw new IrisError(`${place} does not hold an object`, {
        code: 'IRIS_OPTION',
        hint: 'Export the settings.',
      });
    }
    profilesOf(file, place);
    const base = readSettings(file, place);
    const chosen = profile === undefined ? {} : profileOf(file, profile, place);
    return {
      settings: { ...base, ...chosen },
      describe: (option) =>
        option in chosen ? `profile ${profile ?? ''} in ${place}` : `config file ${place}`,
    };
  },
};
