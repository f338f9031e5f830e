import type { Readable } from 'node:stream';

/** What has no line end is handed on all the same when it has become this long. */
const MAX_LINE_CHARACTERS = 65_536;

/**
 * Calls back with each line that a program prints, without its line end. Pieces arrive as the program writes them, so a line may come in
 * several; the last one may have no end.
 */
export function wholeLines(output: Readable, onLine: (line: string) => void): void {
  let rest = '';
  const handOn = (): void => {
    if (rest !== '') onLine(rest);
    rest = '';
  };
  output.setEncoding('utf8').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > MAX_LINE_CHARACTERS) handOn();
  });
  output.on('end', handOn);
}
