import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IrisError, isIrisError, Secret } from '@iris-devtools/core';
import { runProgram } from './place/run-program.js';

const COMMAND_TIMEOUT_MS = 30_000;

/** One line end at the end is how editors and `echo` end a file; anything else belongs to the password. */
const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '');

export async function passwordFromFile(file: string, cwd: string): Promise<Secret> {
  try {
    return new Secret(withoutLineEnd(await readFile(path.resolve(cwd, file), 'utf8')));
  } catch (cause) {
    throw new IrisError(`The password file ${file} cannot be read`, {
      code: 'IRIS_OPTION',
      hint: 'Check the path and its permissions.',
      details: { option: 'passwordFile' },
      cause,
    });
  }
}

/** Splits into words as a shell does: blanks part, '...' and "..." keep, a backslash outside '...' takes the next character. */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\])+)/gy;
  let end = 0;
  for (const match of command.matchAll(pattern)) {
    end = match.index + match[0].length;
    const word = (match[1] ?? '').replaceAll(
      /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
      (_, single?: string, double?: string, escaped?: string) =>
        single ?? double?.replaceAll(/\\([\s\S])/g, '$1') ?? escaped ?? '',
    );
    words.push(word);
  }
  if (command.slice(end).trim() !== '' || words.length === 0) {
    throw new IrisError('The password command is empty or has an unclosed quote', {
      code: 'IRIS_OPTION',
      hint: 'Write a program and its arguments, quoted as in a shell.',
      details: { option: 'passwordCommand' },
    });
  }
  return words;
}

/** Runs the command without a shell; what it prints is the password. Its output is never shown. */
export async function passwordFromCommand(command: string, cwd: string): Promise<Secret> {
  const words = splitWords(command);
  try {
    const { stdout } = await runProgram(words, { cwd, timeoutMs: COMMAND_TIMEOUT_MS });
    return new Secret(withoutLineEnd(stdout));
  } catch (error) {
    const [why, facts] = isIrisError(error)
      ? [error.message, error.details]
      : [`${words[0] ?? ''} failed`, {}];
    throw new IrisError(`The password command: ${why}`, {
      code: 'IRIS_OPTION',
      hint: 'Run it by hand; it must print the password and exit with 0.',
      details: { option: 'passwordCommand', ...facts },
    });
  }
}
