import { IrisError } from '@iris-devtools/core';
import { findExpressions } from '../manifest/expressions.js';

/** Class names as IRIS takes them: letters and digits, parts joined by dots, at least one package. */
const CLASS_NAME = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)+$/;
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9]*$/;

/** Longest literal that is written into one line of a class, in characters. */
export const MAX_LITERAL_CHARS = 3000;

/** Checks the name of a class that is going to be generated. */
export function className(name: string): string {
  if (name.length <= 200 && CLASS_NAME.test(name)) return name;
  throw new IrisError(`"${name.slice(0, 80)}" is not a class name`, {
    code: 'IRIS_OPTION',
    hint: 'Use a package and a name of letters and digits, e.g. MyApp.Service.',
  });
}

/** Checks the name of a method's parameter. */
export function identifier(name: string): string {
  if (name.length <= 31 && IDENTIFIER.test(name)) return name;
  throw new IrisError(`"${name.slice(0, 80)}" is not a name for a parameter of a method`, {
    code: 'IRIS_OPTION',
    hint: 'Use at most 31 letters and digits, beginning with a letter.',
  });
}

/**
 * A string as an ObjectScript expression. Quotes are doubled, control characters become `$CHAR(n)`, and what the macro
 * or embedded-SQL preprocessor might act on is split, so that no text can end the literal or start something else.
 */
export function stringLiteral(text: string): string {
  if (text.length > MAX_LITERAL_CHARS) {
    throw new IrisError(`A text of ${String(text.length)} characters cannot be written into a class`, {
      code: 'IRIS_LIMIT',
      hint: `Keep it below ${String(MAX_LITERAL_CHARS)} characters, for example by passing the name of a file.`,
    });
  }
  const pieces: string[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push(`"${plain.replaceAll('"', '""')}"`);
    plain = '';
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || (code >= 127 && code < 160)) {
      flush();
      pieces.push(`$CHAR(${String(code)})`);
      continue;
    }
    if (startsDirective(text, i)) flush();
    plain += text[i] ?? '';
  }
  flush();
  return pieces.length === 0 ? '""' : pieces.join('_');
}

/** `$$$macro`, `##directive`, `/* comment`, `&sql(`: split before the second character. */
function startsDirective(text: string, index: number): boolean {
  if (index === 0) return false;
  const pair = text.slice(index - 1, index + 1);
  return pair === '$$' || pair === '##' || pair === '/*' || /^&[A-Za-z]$/.test(pair);
}

/** What an IPM expression is in ObjectScript; the rest needs IPM at run time. */
const RUNTIME_EXPRESSIONS: Readonly<Record<string, string>> = {
  namespace: '$NAMESPACE',
  ns: '$NAMESPACE',
  installdir: '$SYSTEM.Util.InstallDirectory()',
  datadir: '$SYSTEM.Util.DataDirectory()',
  mgrdir: '$SYSTEM.Util.ManagerDirectory()',
  bindir: '$SYSTEM.Util.BinaryDirectory()',
  libdir: '$SYSTEM.Util.InstallDirectory()_"lib/"',
  cspdir: '$SYSTEM.Util.InstallDirectory()_"csp/"',
};

/**
 * A text that may hold `${libdir}` and the like as an ObjectScript expression.
 * @throws IrisError `IRIS_OPTION` for an expression that only IPM can evaluate.
 */
export function textExpression(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  const literal = (from: number, to: number): void => {
    if (to > from) pieces.push(stringLiteral(text.slice(from, to)));
  };
  for (const use of findExpressions(text)) {
    const code = RUNTIME_EXPRESSIONS[use.name.toLowerCase()];
    if (code === undefined) {
      throw new IrisError(`\${${use.name}} has no value outside of IPM`, {
        code: 'IRIS_OPTION',
        hint: `Use one of ${Object.keys(RUNTIME_EXPRESSIONS).join(', ')}, or write the value.`,
      });
    }
    literal(at, use.offset);
    pieces.push(code);
    at = use.offset + use.length;
  }
  literal(at, text.length);
  return pieces.length === 0 ? '""' : pieces.join('_');
}
