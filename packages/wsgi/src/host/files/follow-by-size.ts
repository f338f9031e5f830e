import { setTimeout as pause } from 'node:timers/promises';
import type { TargetFiles } from './target-files.js';

const PAUSE_MS = 500;
const FIRST_BYTES = 4_096;
const MAX_BYTES = 65_536;
const NEWLINE = 0x0a;

/** Follows a file by asking for its size, where nothing tells that it has grown. */
export async function followBySize(
  files: Pick<TargetFiles, 'sizeBytes' | 'read'>,
  path: string,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let position = Math.max(0, (await files.sizeBytes(path)) - FIRST_BYTES);
  let beginsInside = position > 0;
  while (!signal.aborted) {
    const size = await files.sizeBytes(path);
    // A log that became shorter was begun anew.
    if (size < position) position = 0;
    const bytes = await files.read(path, position, MAX_BYTES);
    // Only whole lines: the end of one may still be on its way, and a character may be cut in two.
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      position += end;
      const start = beginsInside ? bytes.indexOf(NEWLINE) + 1 : 0;
      beginsInside = false;
      onText(bytes.toString('utf8', start, end));
      continue;
    }
    await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}
