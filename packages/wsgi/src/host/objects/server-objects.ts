import { IrisError } from '@iris-devtools/core';

/** A reference to an object that lives in the server process of a connection. */
export interface ServerObject {
  readonly id: string;
}

export type ServerArgument = string | number | ServerObject;
export type ServerValue = null | string | number | bigint | ServerObject;

/**
 * Class methods, methods and properties over a connection; `connection.native` of @iris-devtools/driver is one.
 * Objects come as results of class methods and nothing is passed by reference: that is what clients of IRIS's native API
 * have been seen to do.
 */
export interface ServerObjects {
  classMethod(className: string, method: string, ...args: ServerArgument[]): Promise<ServerValue>;
  instanceMethod(object: ServerObject, method: string, ...args: ServerArgument[]): Promise<ServerValue>;
  getProperty(object: ServerObject, property: string): Promise<ServerValue>;
  setProperty(object: ServerObject, property: string, value: string): Promise<void>;
}

export function isObject(value: ServerValue): value is ServerObject {
  return typeof value === 'object' && value !== null;
}

/** @throws IrisError `IRIS_DEPLOY` when a class method gives no object. */
export async function newObject(
  objects: ServerObjects,
  className: string,
  method: string,
  ...args: ServerArgument[]
): Promise<ServerObject> {
  const value = await objects.classMethod(className, method, ...args);
  if (isObject(value)) return value;
  throw new IrisError(`IRIS gave no object of ${className}`, {
    code: 'IRIS_DEPLOY',
    hint: 'The user needs the rights of an administrator.',
  });
}

export function textOf(value: ServerValue): string {
  return value === null ? '' : isObject(value) ? value.id : String(value);
}

/** A %Boolean. */
export function isTrue(value: ServerValue): boolean {
  return Number(textOf(value)) === 1;
}

/** @throws IrisError `IRIS_DEPLOY` with the text of a %Status that is none of success. */
export async function expectOk(objects: ServerObjects, what: string, status: ServerValue): Promise<void> {
  const text = textOf(status);
  if (text.startsWith('1')) return;
  const said = textOf(await objects.classMethod('%SYSTEM.Status', 'GetErrorText', text));
  throw new IrisError(`${what}: ${said}`, {
    code: 'IRIS_DEPLOY',
    hint: 'Setting up web applications needs %Admin_Secure:USE, and IRIS has to be allowed to write the file.',
  });
}

/** The rows of a class query, the named columns of each. `undefined`: there is no such query, or it may not be run. */
export async function queryRows(
  objects: ServerObjects,
  [className, query]: readonly [className: string, query: string],
  columns: readonly string[],
  args: readonly ServerArgument[],
): Promise<string[][] | undefined> {
  const statement = await newObject(objects, '%SQL.Statement', '%New');
  const status = textOf(await objects.instanceMethod(statement, '%PrepareClassQuery', className, query));
  if (!status.startsWith('1')) return undefined;
  const result = await objects.instanceMethod(statement, '%Execute', ...args);
  if (!isObject(result) || Number(textOf(await objects.getProperty(result, '%SQLCODE'))) < 0)
    return undefined;
  const rows: string[][] = [];
  while (isTrue(await objects.instanceMethod(result, '%Next'))) {
    const row: string[] = [];
    for (const column of columns) row.push(textOf(await objects.instanceMethod(result, '%Get', column)));
    rows.push(row);
  }
  return rows;
}
