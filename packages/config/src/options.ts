import { z } from 'zod';

/** What an option looks like to every reader of the table: types, validation, env names, URL, docs and `--help`. */
export interface OptionRow<Schema extends z.ZodType = z.ZodType> {
  /** Turns text or a typed value into the value; its error says what is allowed. */
  readonly schema: Schema;
  /** Environment variables, the first that is set wins. */
  readonly env: readonly string[];
  /** More of them, whose value is in seconds where the setting is in milliseconds. */
  readonly envSeconds?: readonly string[];
  /** Name in `iris://...?name=value`; absent for what the URL's own parts hold. */
  readonly urlParameter?: string;
  /** Never shown: printed as `[redacted]`. */
  readonly secret?: true;
  readonly description: string;
  /** For `--help` and docs: what may be written. */
  readonly allowed: string;
}

const text = z.string().min(1);
/** A number, or its decimal digits: not whatever else `Number()` takes (`true`, `0x10`, a blank). */
const whole = (min: number, max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,10}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(min).max(max));
const port = whole(1, 65_535);
const milliseconds = whole(0, 2_147_483_647);
const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((word) => ['true', '1', 'yes'].includes(word)),
]);

const row = <Schema extends z.ZodType>(option: OptionRow<Schema>): OptionRow<Schema> => option;

/** Every setting of a connection, one row each. */
export const OPTIONS = {
  host: row({
    schema: text,
    env: ['IRIS_HOST', 'IRIS_HOSTNAME'],
    description: 'Name or address of the server',
    allowed: 'a host name, an IPv4 or an IPv6 address',
  }),
  port: row({
    schema: port,
    env: ['IRIS_PORT', 'IRIS_SUPERSERVER_PORT'],
    description: 'SuperServer port',
    allowed: '1 to 65535',
  }),
  namespace: row({
    schema: text.max(255),
    env: ['IRIS_NAMESPACE'],
    description: 'Namespace to work in',
    allowed: 'a namespace such as USER or %SYS',
  }),
  user: row({
    schema: text.max(160),
    env: ['IRIS_USERNAME', 'IRIS_USER'],
    description: 'User name',
    allowed: 'a user of the server',
  }),
  password: row({
    schema: z.string().max(8192),
    env: ['IRIS_PASSWORD'],
    secret: true,
    description: 'Password of the user',
    allowed: 'any text',
  }),
  passwordFile: row({
    schema: text,
    env: ['IRIS_PASSWORD_FILE'],
    urlParameter: 'passwordFile',
    description: 'File that holds the password; one line end at its end is not part of it',
    allowed: 'a path',
  }),
  passwordCommand: row({
    schema: text,
    env: ['IRIS_PASSWORD_COMMAND'],
    description: 'Command that prints the password, e.g. of a keychain; not run by a shell',
    allowed: 'a program and its arguments, in the words of a shell without its operators',
  }),
  driver: row({
    schema: z.enum(['auto', 'wire', 'native', 'irispython']),
    env: ['IRIS_DRIVER'],
    urlParameter: 'driver',
    description: 'Which client to use; auto: the first that fits, in the order of the list',
    allowed: 'auto, wire, native or irispython',
  }),
  sharedMemory: row({
    schema: flag,
    env: ['IRIS_SHARED_MEMORY'],
    urlParameter: 'sharedMemory',
    description: 'Talk to an IRIS on this machine through shared memory, which only the native client can',
    allowed: 'true or false',
  }),
  irispythonProgram: row({
    schema: text,
    env: ['IRIS_IRISPYTHON_PROGRAM'],
    description: 'The irispython program, for the client of that name',
    allowed: 'a path, or a name that is on the PATH',
  }),
  tls: row({
    schema: flag,
    env: ['IRIS_TLS'],
    urlParameter: 'tls',
    description: 'Encrypt the connection',
    allowed: 'true or false',
  }),
  connectTimeoutMs: row({
    schema: milliseconds,
    env: ['IRIS_CONNECT_TIMEOUT_MS'],
    envSeconds: ['IRIS_TIMEOUT'],
    urlParameter: 'connectTimeoutMs',
    description: 'Limit for connecting and logging in, milliseconds; 0: none',
    allowed: '0 to 2147483647',
  }),
  queryTimeoutMs: row({
    schema: milliseconds,
    env: ['IRIS_QUERY_TIMEOUT_MS'],
    urlParameter: 'queryTimeoutMs',
    description: 'Limit for one statement, milliseconds; 0: none',
    allowed: '0 to 2147483647',
  }),
  container: row({
    schema: text,
    env: ['IRIS_CONTAINER_NAME', 'IRIS_CONTAINER'],
    description: 'Take the server from this container',
    allowed: 'the exact name or ID of a running container',
  }),
  recovery: row({
    schema: z.enum(['off', 'auto']),
    env: ['IRIS_RECOVERY'],
    urlParameter: 'recovery',
    description:
      'What to do when the server says that the password has expired; auto: make it valid again through the container or local instance that serves this port of this machine',
    allowed: 'off or auto',
  }),
  licenseKeyFile: row({
    schema: text,
    env: ['IRIS_LICENSE_KEY_FILE', 'IRIS_LICENSE_KEY'],
    description: 'Licence key file for containers',
    allowed: 'a path of an iris.key',
  }),
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof OPTIONS;

/** Settings by name; every one may be absent. */
export type Settings = { readonly [Name in OptionName]?: z.output<(typeof OPTIONS)[Name]['schema']> };

/** Settings as somebody wrote them: text or the typed value. */
export type RawSettings = Readonly<Partial<Record<OptionName, unknown>>>;

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

export const isOptionName = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

/** What holds when nothing else is said. There is no default password. */
export const DEFAULTS = {
  host: '127.0.0.1',
  port: 1972,
  namespace: 'USER',
  user: '_SYSTEM',
  driver: 'auto',
  sharedMemory: false,
  irispythonProgram: 'irispython',
  tls: false,
  recovery: 'off',
  connectTimeoutMs: 10_000,
  queryTimeoutMs: 0,
} as const satisfies Settings;
