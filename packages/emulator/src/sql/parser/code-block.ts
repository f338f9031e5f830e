/** The language between braces decides what quotes and comments look like. */
export type CodeLanguage = 'OBJECTSCRIPT' | 'PYTHON';

const QUOTED: Readonly<Record<CodeLanguage, RegExp>> = {
  // A quote inside an ObjectScript string is doubled, so two strings side by side read the same.
  OBJECTSCRIPT: /"[^"]*"|\/\*[\s\S]*?\*\/|(?:\/\/|#;|;)[^\n]*/y,
  PYTHON: /'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|#[^\n]*/y,
};

/**
 * Finds the brace that closes the one at `open`, looking past strings and comments of the language.
 *
 * @returns its offset, or -1
 */
export function closingBrace(source: string, open: number, language: CodeLanguage): number {
  const quoted = QUOTED[language];
  let depth = 0;
  let at = open;
  while (at < source.length) {
    quoted.lastIndex = at;
    const skipped = quoted.exec(source)?.[0].length ?? 0;
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const char = source.charAt(at);
    if (char === '{') depth++;
    if (char === '}' && --depth === 0) return at;
    at++;
  }
  return -1;
}
