import { IrisError } from '@iris-devtools/core';
import { unknownOption } from './option-error.js';
import { OPTIONS, OPTION_NAMES, type OptionName, type RawSettings } from './options.js';

const URL_PARAMETERS = new Map<string, OptionName>(
  OPTION_NAMES.flatMap((name) => {
    const { urlParameter } = OPTIONS[name] as { urlParameter?: string };
    return urlParameter === undefined ? [] : [[urlParameter, name] as const];
  }),
);

function decode(part: string, what: string, source: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new IrisError(`The ${what} in the URL (from ${source}) is not percent-encoded correctly`, {
      code: 'IRIS_OPTION',
      hint: 'Write a literal % as %25.',
      details: { source },
      cause,
    });
  }
}

/**
 * Reads `iris://user:password@host:port/NAMESPACE?option=value`. Parts that are missing are absent from the result.
 * @param source where the URL was found, for error messages, which never show the URL itself
 * @throws IrisError `IRIS_OPTION`
 */
export function parseIrisUrl(text: string, source = 'the URL'): RawSettings {
  if (!URL.canParse(text) || !/^iris:\/\//i.test(text)) {
    throw new IrisError(`The connection URL (from ${source}) is not an iris:// URL`, {
      code: 'IRIS_OPTION',
      hint: 'Write iris://user:password@host:port/NAMESPACE, special characters percent-encoded.',
      details: { source },
    });
  }
  const url = new URL(text);
  const settings: Partial<Record<OptionName, unknown>> = {};
  if (url.hostname !== '') settings.host = decode(url.hostname, 'host', source).replace(/^\[(.*)\]$/, '$1');
  if (url.port !== '') settings.port = url.port;
  if (url.username !== '') settings.user = decode(url.username, 'user', source);
  if (url.password !== '') settings.password = decode(url.password, 'password', source);
  const namespace = url.pathname.replace(/^\//, '');
  if (namespace !== '') settings.namespace = decode(namespace, 'namespace', source);
  for (const [parameter, value] of url.searchParams) {
    const name = URL_PARAMETERS.get(parameter);
    if (name === undefined) throw unknownOption(parameter, source, [...URL_PARAMETERS.keys()]);
    settings[name] = value;
  }
  return settings;
}

/** The URL for these settings; with `password` left out it may be shown. */
export function formatIrisUrl(settings: {
  readonly host: string;
  readonly port: number;
  readonly namespace: string;
  readonly user?: string;
  readonly password?: string;
}): string {
  const { host, port, namespace, user, password } = settings;
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const login = user === undefined ? '' : `${encodeURIComponent(user)}${secret}@`;
  const authority = host.includes(':') ? `[${host}]` : host;
  return `iris://${login}${authority}:${String(port)}/${encodeURIComponent(namespace)}`;
}
