import { IrisError, Secret } from '@iris-devtools/core';
import { optionError, unknownOption } from './option-error.js';
import { DEFAULTS, OPTIONS, OPTION_NAMES, isOptionName } from './options.js';
import type { OptionName, RawSettings, Settings } from './options.js';
import { parseIrisUrl } from './iris-url.js';
import { passwordFromCommand, passwordFromFile } from './password.js';
import { ResolvedConfig, type Origin } from './resolved-config.js';
import type { Finding, Source, SourceContext } from './source.js';
import { configFile } from './sources/config-file.js';
import { containers } from './sources/containers.js';
import { dotenv } from './sources/dotenv.js';
import { environment } from './sources/environment.js';
import { checkLicenceKey, licenceKey } from './sources/licence-key.js';
import { localInstances } from './sources/local-instances.js';
import { processTree } from './sources/process-tree.js';

/** Best first. Explicit options come before all of them, defaults after. */
export const DEFAULT_SOURCES: readonly Source[] = [
  environment,
  dotenv,
  configFile,
  licenceKey,
  containers(),
  localInstances(),
  processTree,
];

export interface DiscoverOptions {
  /** Settings by name; they win over everything found. */
  readonly settings?: RawSettings;
  /** `iris://user:password@host:port/NAMESPACE?option=value`; a setting in `settings` wins over its part. */
  readonly url?: string;
  /** Profile of the config file; default `IRIS_PROFILE`. */
  readonly profile?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `[]` looks nowhere: only explicit settings and defaults. */
  readonly sources?: readonly Source[];
  readonly signal?: AbortSignal;
}

function explicitFinding({ settings = {}, url }: DiscoverOptions): Finding {
  for (const name of Object.keys(settings)) {
    if (!isOptionName(name)) throw unknownOption(name, 'explicit options', OPTION_NAMES);
  }
  const fromUrl = url === undefined ? {} : parseIrisUrl(url, 'the explicit URL');
  return {
    settings: { ...fromUrl, ...settings },
    describe: (option) => (option in settings ? 'explicit option' : 'explicit URL'),
  };
}

class Collector {
  readonly raw: Partial<Record<OptionName, unknown>> = {};
  readonly origins = new Map<OptionName, string>();

  /** Better sources come first: a later finding only fills what is missing. */
  add({ settings, describe }: Finding): void {
    refuseTwoServers(settings, describe);
    // A container and a host or port are two ways to name the server, which the better source has done.
    const serverWasNamed = this.serverKnown || this.raw.container !== undefined;
    for (const name of OPTION_NAMES) {
      const value = settings[name];
      if (value === undefined || this.raw[name] !== undefined) continue;
      if (serverWasNamed && this.#namesServerOtherwise(name)) continue;
      // The three ways to give a password are one choice, which the better source has made.
      if (isPasswordOption(name) && this.#passwordGivenBefore(name, settings)) continue;
      this.raw[name] = value;
      this.origins.set(name, describe(name));
    }
  }

  /** From here on the sources that look for running servers speak. */
  containerAsked = false;

  get serverKnown(): boolean {
    return this.raw.host !== undefined || this.raw.port !== undefined;
  }

  /** A container was named and this is a host or port, or the other way round. */
  #namesServerOtherwise(name: OptionName): boolean {
    if (name === 'container') return this.serverKnown;
    return (name === 'host' || name === 'port') && this.raw.container !== undefined && !this.containerAsked;
  }

  #passwordGivenBefore(name: OptionName, current: RawSettings): boolean {
    return PASSWORD_OPTIONS.some(
      (other) => other !== name && this.raw[other] !== undefined && current[other] === undefined,
    );
  }
}

const PASSWORD_OPTIONS = ['password', 'passwordFile', 'passwordCommand'] as const;
const isPasswordOption = (name: OptionName): boolean => PASSWORD_OPTIONS.some((option) => option === name);

function refuseTwoServers(settings: RawSettings, describe: (option: string) => string): void {
  const { container, host, port } = settings;
  const other = host === undefined ? 'port' : 'host';
  if (container === undefined || (host === undefined && port === undefined)) return;
  throw new IrisError(
    `Two settings name the server: container (from ${describe('container')}) and ${other} (from ${describe(other)})`,
    {
      code: 'IRIS_OPTION',
      hint: 'Keep the container, whose address is then found, or host and port.',
      details: { option: 'container' },
    },
  );
}

function refuseTwoPasswords(raw: RawSettings, origins: ReadonlyMap<OptionName, string>): void {
  const given = PASSWORD_OPTIONS.filter((name) => raw[name] !== undefined);
  if (given.length < 2) return;
  throw new IrisError(
    `The password is given twice: ${given.map((name) => `${name} (from ${origins.get(name) ?? '?'})`).join(' and ')}`,
    { code: 'IRIS_OPTION', hint: 'Keep one of them.' },
  );
}

function validate(raw: RawSettings, origins: ReadonlyMap<OptionName, string>): Settings {
  const settings: Partial<Record<OptionName, unknown>> = {};
  for (const name of OPTION_NAMES) {
    if (raw[name] === undefined) continue;
    const parsed = OPTIONS[name].schema.safeParse(raw[name]);
    if (!parsed.success) {
      // The issue's own text may quote the value, so it is kept only where the value may be shown.
      const cause = 'secret' in OPTIONS[name] ? undefined : parsed.error;
      throw optionError(name, origins.get(name) ?? 'explicit options', raw[name], cause);
    }
    settings[name] = parsed.data;
  }
  return settings as Settings;
}

async function readPassword(settings: Settings, cwd: string): Promise<Secret | undefined> {
  if (settings.password !== undefined) return new Secret(settings.password);
  if (settings.passwordFile !== undefined) return passwordFromFile(settings.passwordFile, cwd);
  if (settings.passwordCommand !== undefined) return passwordFromCommand(settings.passwordCommand, cwd);
  return undefined;
}

/**
 * Finds the settings of a connection: explicit > environment > `.env` > config file > running container > local
 * instance > instance started in this process tree > defaults. Containers and instances are asked only while no better
 * source named a host or port.
 * @throws IrisError `IRIS_OPTION` for unknown, malformed or contradictory settings, and when several servers match
 */
export async function discoverConfig(options: DiscoverOptions = {}): Promise<ResolvedConfig> {
  const env = options.env ?? process.env;
  const cwd = options.cwd ?? process.cwd();
  const collector = new Collector();
  collector.add(explicitFinding(options));
  for (const source of options.sources ?? DEFAULT_SOURCES) {
    options.signal?.throwIfAborted();
    if (source.findsServer && collector.serverKnown) continue;
    if (source.findsServer) collector.containerAsked = true;
    const context: SourceContext = {
      cwd,
      env,
      known: collector.raw,
      profile: options.profile ?? (env['IRIS_PROFILE'] || undefined),
      signal: options.signal,
    };
    const finding = await source.find(context);
    if (finding !== null) collector.add(finding);
  }
  const { raw, origins } = collector;
  refuseTwoPasswords(raw, origins);
  let found = validate(raw, origins);
  if (found.licenseKeyFile !== undefined) {
    const source = origins.get('licenseKeyFile') ?? 'explicit options';
    found = { ...found, licenseKeyFile: await checkLicenceKey(found.licenseKeyFile, cwd, source) };
  }
  const values = { ...DEFAULTS, ...found };
  const origin: Origin = (name) => origins.get(name) ?? (name in DEFAULTS ? 'default' : undefined);
  return new ResolvedConfig(values, await readPassword(found, cwd), origin);
}
