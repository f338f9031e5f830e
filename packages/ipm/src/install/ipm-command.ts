import { IrisError } from '@iris-devtools/core';

/**
 * A word of an IPM command line: in quotes, with `\` before quotes and backslashes.
 * Source: IPM's CLI.%ParseCommandInput.
 */
export function quoteIpmWord(word: string): string {
  refuseControlCharacters(word);
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** One line for the terminal: on failure the session ends with status 1, on success with 0. */
export function zpmLine(command: string): string {
  refuseControlCharacters(command);
  return `zpm "${command.replaceAll('"', '""')}":1:1`;
}

/** A string as an ObjectScript literal on a terminal line. */
export function terminalString(text: string): string {
  refuseControlCharacters(text);
  return `"${text.replaceAll('"', '""')}"`;
}

const PARAMETER = /^[A-Za-z][A-Za-z0-9_.]*$/;

/** `-DName="value"` for every parameter. */
export function parameterWords(parameters: Readonly<Record<string, string>>): string[] {
  return Object.entries(parameters).map(([name, value]) => {
    if (!PARAMETER.test(name)) {
      throw new IrisError(`"${name.slice(0, 80)}" is not the name of a module parameter`, {
        code: 'IRIS_OPTION',
        hint: 'Use letters, digits, "_" and ".".',
      });
    }
    return `-D${name}=${quoteIpmWord(value)}`;
  });
}

/** A terminal takes a line at a time: a control character would end it or be a command of its own. */
function refuseControlCharacters(text: string): void {
  if (!/[\u0000-\u001f\u007f-\u009f]/.test(text) && text.length <= 8000) return;
  throw new IrisError('A value for IPM holds a control character or is too long', {
    code: 'IRIS_VALUE',
    hint: 'Use plain text of at most 8,000 characters.',
  });
}
