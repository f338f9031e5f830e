const TRACEBACK = 'Traceback (most recent call last):';

/** The last Python traceback of a log with the line that names the exception; one that is still being written only if there is no other. */
export function lastTraceback(log: string): string | undefined {
  let end = log.length;
  let unfinished: string | undefined;
  for (;;) {
    const start = log.slice(0, end).lastIndexOf(TRACEBACK);
    if (start < 0) return unfinished;
    const lines = log.slice(start, end).split('\n');
    const last = lines.findIndex((line, i) => i > 0 && line !== '' && !/^\s/.test(line));
    if (last > 0)
      return lines
        .slice(0, last + 1)
        .join('\n')
        .trim();
    unfinished ??= lines.join('\n').trim();
    end = start;
  }
}
