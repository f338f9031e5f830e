import { IrisError } from '@iris-devtools/core';
import type * as DriverModule from '@iris-devtools/driver';
import { NativeInstance } from './objects/native-instance.js';
import type { ServerObjects } from './objects/server-objects.js';
import { RemoteHost } from './remote-host.js';
import type { RemoteHostOptions } from './remote-host.js';

export interface RemoteConnectionOptions extends Omit<RemoteHostOptions, 'objects' | 'name'> {
  /** `iris://user:password@host:port/`; the namespace is always %SYS. */
  readonly url: string;
}

/** A host with a connection of its own, which ends with it. */
export interface RemoteConnection extends AsyncDisposable {
  readonly host: RemoteHost;
  readonly close: () => Promise<void>;
}

/**
 * Connects with @iris-devtools/driver, which is an optional peer.
 * @throws IrisError `IRIS_OPTION` without the driver or with a bad URL; else what the driver throws.
 */
export async function connectRemoteHost(options: RemoteConnectionOptions): Promise<RemoteConnection> {
  const { url, ...rest } = options;
  const { objects, name, close } = await connectObjects(url);
  return { host: new RemoteHost({ ...rest, objects, name }), close, [Symbol.asyncDispose]: close };
}

/** For an instance whose files are reached in another way. */
export async function connectInstance(
  url: string,
): Promise<{ readonly instance: NativeInstance; readonly close: () => Promise<void> }> {
  const { objects, close } = await connectObjects(url);
  return { instance: new NativeInstance(objects), close };
}

async function connectObjects(
  url: string,
): Promise<{ readonly objects: ServerObjects; readonly name: string; readonly close: () => Promise<void> }> {
  const place = URL.parse(url);
  if (place?.protocol !== 'iris:' || place.hostname === '') {
    throw new IrisError(
      'The address of the server is not a URL of the form iris://user:password@host:port/',
      {
        code: 'IRIS_OPTION',
        hint: 'Characters such as @ and / in a password are written as %40 and %2F.',
      },
    );
  }
  // Security.* exists in this namespace only.
  place.pathname = '/%25SYS';
  const { connect } = loadDriver();
  const connection = await connect(place.href);
  return { objects: connection.native, name: place.host, close: () => connection.close() };
}

/** Only when it is needed. `require`: Jest runs CommonJS, where `import()` does not work. */
function loadDriver(): typeof DriverModule {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
    return require('@iris-devtools/driver') as typeof DriverModule;
  } catch (cause) {
    throw new IrisError('Deploying over a connection needs the package @iris-devtools/driver', {
      code: 'IRIS_OPTION',
      hint: 'Install it: npm install @iris-devtools/driver.',
      cause,
    });
  }
}
