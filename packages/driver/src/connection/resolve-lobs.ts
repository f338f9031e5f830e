import type { ResolvedOptions } from '../options/resolve-options.js';
import { Lob, lobKind, type LobAccess } from './lob.js';
import { cellOf, setCell, type AnyRow, type ResultPlan } from './result-plan.js';

/** Replaces the handles in `rows` by what the option `lobs` wants: the content, a `Lob`, or one of the two by its size. */
export async function resolveLobs(
  rows: readonly AnyRow[],
  plan: ResultPlan,
  options: Pick<ResolvedOptions, 'lobs' | 'maxLobBytes' | 'parsers'>,
  access: LobAccess,
): Promise<void> {
  for (const row of rows) {
    for (const index of plan.lobColumns) {
      // In an object the last of two columns with one name is the only one that is left.
      if (!Array.isArray(row) && plan.names.lastIndexOf(plan.names[index] ?? '') !== index) continue;
      const handle = cellOf(row, plan, index);
      const column = plan.columns[index];
      if (typeof handle !== 'string' || column === undefined) continue;
      const kind = lobKind(column);
      const content =
        handle === '' ? Buffer.alloc(0) : await contentOf(new Lob(handle, kind, access), options);
      if (content instanceof Lob) {
        setCell(row, plan, index, content);
        continue;
      }
      const value = kind === 'text' ? content.toString('utf8') : content;
      setCell(row, plan, index, options.parsers[column.type]?.(value, column) ?? value);
    }
  }
}

async function contentOf(
  lob: Lob,
  { lobs, maxLobBytes }: Pick<ResolvedOptions, 'lobs' | 'maxLobBytes'>,
): Promise<Buffer | Lob> {
  if (lobs === 'handle') return lob;
  if (lobs === 'auto' && (await lob.sizeNow()) > maxLobBytes) return lob;
  // UTF-8 may take four bytes for each of the characters that the size counts.
  const content = await lob.readNow(lobs === 'auto' ? maxLobBytes * 4 : maxLobBytes);
  lob.closeNow();
  return content;
}
