import { IrisError } from '@iris-devtools/core';
import type { ApplicationRecord } from '../host/application-host.js';
import type { ClassMethodCaller } from '../host/native-instance.js';

/** Calls class methods in %SYS of the server at `url`; the caller disposes it. */
export type NativeConnection = ClassMethodCaller & AsyncDisposable;

/**
 * Opens a connection with @iris-devtools/driver, which is an optional peer.
 * @throws IrisError `IRIS_OPTION` without the driver or with a bad URL; else what the driver throws.
 */
export async function openNativeCaller(url: string): Promise<NativeConnection> {
  const { ByReference, connect, decodeList, encodeList } = await loadDriver();
  const place = URL.parse(url);
  if (place === null) {
    throw new IrisError('--emulator is not a URL', {
      code: 'IRIS_OPTION',
      hint: 'Write iris://user:password@host:port/.',
    });
  }
  // Security.* exists in this namespace only.
  place.pathname = '/%25SYS';
  const connection = await connect(place.href);
  return {
    call: (className, method, ...args) => connection.native.classMethod(className, method, ...args),
    async callWithArray(className, method, name, array) {
      // The emulator carries an array as a list of names and values by turns, in Latin-1.
      const list = new ByReference(encodeList(Object.entries(array).flat()).toString('latin1'));
      const result = await connection.native.classMethod(className, method, name, list);
      const text = typeof list.value === 'string' ? list.value : '';
      return { result, array: recordOf(decodeList(Buffer.from(text, 'latin1'))) };
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

function recordOf(items: readonly unknown[]): ApplicationRecord {
  const record: Record<string, string> = {};
  for (let i = 0; i + 1 < items.length; i += 2) record[textOf(items[i])] = textOf(items[i + 1]);
  return record;
}

function textOf(item: unknown): string {
  if (typeof item === 'string') return item;
  if (typeof item === 'number' || typeof item === 'bigint') return String(item);
  // Items of a list say what they are: { type, value }.
  if (typeof item === 'object' && item !== null && 'value' in item) return textOf(item.value);
  return '';
}

async function loadDriver() {
  try {
    return await import('@iris-devtools/driver');
  } catch (cause) {
    throw new IrisError('--emulator needs the package @iris-devtools/driver', {
      code: 'IRIS_OPTION',
      hint: 'Install it: npm install @iris-devtools/driver.',
      cause,
    });
  }
}
