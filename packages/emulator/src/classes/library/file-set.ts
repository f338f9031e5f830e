import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { accessiblePath } from './file-access.js';
import { horologOf } from './horolog.js';
import type { ClassQuery } from '../sql/class-query.js';

const MAX_ENTRIES = 100_000;

/** %Library.File:FileSet: what is in a directory, whole paths, by name. */
export const fileSetQuery: ClassQuery = {
  columns: ['Name', 'Type', 'Size', 'DateCreated', 'DateModified', 'ItemName'],
  /** Directory, wildcards separated by `;`, order, whether directories are given whatever their name is. */
  rows: async (process, args) => {
    const directory = await accessiblePath(process, args.text(0));
    if (directory === undefined) return [];
    const patterns = args.text(1, '*').split(';').map(wildcard);
    const allDirectories = args.flag(3, false);
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    const wanted = entries
      .filter(
        (entry) =>
          (allDirectories && entry.isDirectory()) || patterns.some((pattern) => pattern.test(entry.name)),
      )
      .sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (a.name < b.name ? -1 : 1))
      .slice(0, MAX_ENTRIES);
    const rows = await Promise.all(
      wanted.map(async (entry) => {
        const path = join(directory, entry.name);
        const found = await stat(path).catch(() => undefined);
        const size = entry.isDirectory() ? '' : String(found?.size ?? '');
        const changed = found === undefined ? '' : horologOf(found.mtime, false);
        return [path, entry.isDirectory() ? 'D' : 'F', size, changed, changed, entry.name];
      }),
    );
    return rows;
  },
};

/** `*` any characters, `?` one. */
function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source === '' ? '.*' : source}$`, 's');
}
