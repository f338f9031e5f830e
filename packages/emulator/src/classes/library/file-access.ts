import { isAdministrator } from '../security/privilege.js';
import type { IrisProcess } from '../../server/iris-process.js';

const DEVELOPER_ROLE = '%Developer';

/**
 * The path on this machine that a client may use, or `undefined`: as for a directory that the operating system refuses.
 * Files below the installation are code that the web server runs, so they are for administrators and developers only.
 * unverified on a live server: which privilege, if any, the methods of %Library.File need there.
 */
export async function accessiblePath(process: IrisProcess, path: string): Promise<string | undefined> {
  if (!isAdministrator(process) && !process.user.roles.includes(DEVELOPER_ROLE)) return undefined;
  return process.instance.files.locate(path);
}
