import { Secret } from '@iris-devtools/core';
import { optionError } from '../errors.js';
import { OPTIONS, type IrisConnectionOptions, type OptionRow } from './option-table.js';

type OptionName = keyof IrisConnectionOptions;
type WithoutDefault = 'logger' | 'user' | 'password';

/** Options with every default filled in and the password wrapped. */
export type ResolvedOptions = Readonly<Required<Omit<IrisConnectionOptions, WithoutDefault>>> &
  Pick<IrisConnectionOptions, 'logger'> & { readonly user: string; readonly password: Secret };

const EXAMPLE =
  'The form is iris://user:password@host:1972/NAMESPACE?option=value, with % escapes for special characters.';

/**
 * Checks options, or an `iris://` URL, and fills in the defaults.
 * @throws IrisError IRIS_OPTION for anything unknown, missing or malformed; a password is never part of the message
 */
export function resolveOptions(target: string | URL | IrisConnectionOptions): ResolvedOptions {
  const given = typeof target === 'string' || target instanceof URL ? parseUrl(target) : target;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(OPTIONS, name)) throw unknownOption(name);
  }
  const all: Record<string, unknown> = {};
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const row: OptionRow<unknown> = OPTIONS[name];
    const value: unknown = given[name] ?? row.default;
    if (value === undefined) continue;
    checkKind(name, value, row.default);
    row.check?.(value, name);
    all[name] = value;
  }
  if (all['user'] === undefined || all['user'] === '')
    throw optionError('The option user is missing', EXAMPLE);
  all['password'] = given.password instanceof Secret ? given.password : new Secret(given.password ?? '');
  return all as unknown as ResolvedOptions;
}

/** The options that an `iris://user:password@host:port/NAMESPACE?option=value` URL gives. @throws IrisError IRIS_OPTION */
export function parseUrl(url: string | URL): IrisConnectionOptions {
  const parsed = typeof url === 'string' ? toUrl(url) : url;
  if (parsed.protocol !== 'iris:' && parsed.protocol !== 'iriss:') {
    throw optionError(`The URL starts with '${parsed.protocol}', not with 'iris:'`, EXAMPLE);
  }
  const options: Record<string, unknown> = {};
  if (parsed.hostname !== '') options['host'] = unescapePart(parsed.hostname).replace(/^\[(.*)\]$/, '$1');
  if (parsed.port !== '') options['port'] = Number(parsed.port);
  if (parsed.username !== '') options['user'] = unescapePart(parsed.username);
  if (parsed.password !== '') options['password'] = new Secret(unescapePart(parsed.password));
  if (parsed.protocol === 'iriss:') options['tls'] = true;
  const namespace = unescapePart(parsed.pathname.replace(/^\//, ''));
  if (namespace !== '') options['namespace'] = namespace;
  for (const [name, text] of parsed.searchParams) options[name] = parseOption(name, text);
  return options;
}

function parseOption(name: string, text: string): unknown {
  if (!Object.hasOwn(OPTIONS, name)) throw unknownOption(name);
  const row: OptionRow<unknown> = OPTIONS[name as OptionName];
  if (row.parse === undefined)
    throw optionError(`The option ${name} cannot be given in a URL`, 'Pass an options object.');
  return row.parse(text, name);
}

function toUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The cause is left out: it would repeat the whole URL, password included.
    throw optionError('The connection URL is malformed', EXAMPLE);
  }
}

function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw optionError('The connection URL has a malformed % escape', EXAMPLE);
  }
}

function checkKind(name: OptionName, value: unknown, model: unknown): void {
  if (name === 'password') {
    if (typeof value === 'string' || value instanceof Secret) return;
    throw optionError('password must be a string or a Secret', EXAMPLE);
  }
  if (name === 'tls' && typeof value === 'object') return;
  const expected = name === 'user' ? 'string' : model === undefined ? 'object' : typeof model;
  if (typeof value !== expected)
    throw optionError(`${name} must be a ${expected}, not a ${typeof value}`, `Correct ${name}.`);
  const row: OptionRow<unknown> = OPTIONS[name];
  if (row.values !== undefined) row.parse?.(value as string, name);
}

function unknownOption(name: string): Error {
  return optionError(`There is no option '${name}'`, `Options: ${Object.keys(OPTIONS).join(', ')}.`);
}
