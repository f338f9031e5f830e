/** What is used of `@intersystems/intersystems-iris-native` 2.0, an optional peer that is not there to compile against. Every call blocks. */
export interface Addon {
  createConnection(options: {
    readonly host: string;
    readonly port: number;
    readonly ns: string;
    readonly user: string;
    readonly pwd: string;
    readonly sharedmemory: boolean;
  }): AddonConnection;
}

export interface AddonConnection {
  createIris(): AddonIris;
  close(): void;
}

export type AddonValue = null | string | number | bigint | boolean | AddonObject;

export interface AddonIris {
  classMethodValue(className: string, method: string, ...args: unknown[]): AddonValue;
  tStart(): void;
  tCommit(): void;
  tRollback(): void;
  getTLevel(): number;
}

/** A reference to an object of the server. */
export interface AddonObject {
  get(property: string): AddonValue;
  getString(property: string): string | null;
  invoke(method: string, ...args: unknown[]): AddonValue;
  /** The value as its own text: decimals keep every digit. */
  invokeString(method: string, ...args: unknown[]): string | null;
  close(): void;
}
