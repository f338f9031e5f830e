import { IrisError } from '@iris-devtools/core';

/** Characters that mean nothing to a terminal, a shell or ObjectScript, whatever stands around them. */
const PLAIN = /^[A-Za-z0-9]$/;
const MAX_CHARACTERS = 4096;

/**
 * An ObjectScript expression for any text: plain runs in quotes, everything else by its code in `$CHAR`, so that quotes,
 * line ends, control characters and other scripts neither end the literal nor depend on the terminal's character set.
 * Characters beyond U+FFFF are written as their two UTF-16 units, which is how IRIS stores them.
 */
export function objectScriptText(text: string): string {
  if (text.length > MAX_CHARACTERS) {
    throw new IrisError(`A text of ${text.length} characters is too long for a command`, {
      code: 'IRIS_LIMIT',
      hint: `At most ${MAX_CHARACTERS} characters are sent.`,
    });
  }
  const parts: string[] = [];
  let run = '';
  const flush = () => {
    if (run !== '') parts.push(`"${run}"`);
    run = '';
  };
  // By code unit on purpose: $CHAR takes units.
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charAt(index);
    if (PLAIN.test(unit)) {
      run += unit;
      continue;
    }
    flush();
    parts.push(`$CHAR(${String(text.charCodeAt(index))})`);
  }
  flush();
  return parts.length === 0 ? '""' : parts.join('_');
}
