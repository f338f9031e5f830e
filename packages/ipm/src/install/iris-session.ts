import { randomBytes } from 'node:crypto';
import type { CommandRunner, Secret } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';

/** Where and how `iris session` is run. */
export interface IrisSessionOptions {
  /** Name of the instance. Default `IRIS`. */
  readonly instance?: string;
  /** Default `USER`. */
  readonly namespace?: string;
  /** The `iris` program. Default: found on the PATH. */
  readonly irisProgram?: string;
  /** Operating system user inside a container. */
  readonly osUser?: string;
  /** Needed where the operating system's user is not known to IRIS; sent on standard input only. */
  readonly login?: { readonly username: string; readonly password: Secret };
  /** Default 10 minutes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (chunk: string) => void;
}

export interface SessionOutput {
  readonly exitCode: number;
  /** Everything that was printed, without colours. */
  readonly text: string;
  /** What `answer` lines printed, by key; the last one wins. */
  readonly answers: ReadonlyMap<string, string>;
  /** All answers in order. */
  readonly answerList: readonly (readonly [key: string, value: string])[];
}

const DEFAULT_TIMEOUT_MS = 600_000;
const INSTANCE = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const NAMESPACE = /^%?[A-Za-z][A-Za-z0-9_-]*$/;

/**
 * One `iris session` that is fed lines on standard input.
 * Answers are printed on lines of their own behind a word that no module can guess, so output of an installation can
 * never be taken for one.
 */
export class IrisSession {
  readonly #runner: CommandRunner;
  readonly #options: IrisSessionOptions;
  readonly #mark = `@@${randomBytes(9).toString('base64url')}`;

  /** @throws IrisError `IRIS_OPTION` for names that IRIS cannot have. */
  constructor(runner: CommandRunner, options: IrisSessionOptions = {}) {
    const { instance = 'IRIS', namespace = 'USER' } = options;
    if (!INSTANCE.test(instance) || !NAMESPACE.test(namespace)) {
      throw new IrisError(`"${instance}" or "${namespace}" is not the name of an instance or namespace`, {
        code: 'IRIS_OPTION',
        hint: 'Use letters, digits, "_" and "-".',
      });
    }
    this.#runner = runner;
    this.#options = options;
  }

  /**
   * A line that prints the value of an ObjectScript expression as the answer to `key`.
   * The value is computed first: when that fails nothing is printed, not even the key.
   */
  answer(key: string, expression: string): string {
    return `set answer=${expression} write !,"${this.#mark} ${key} ",answer,!`;
  }

  /**
   * Runs lines as the terminal would: an error in one does not stop the next.
   * @throws IrisError `IRIS_COMMAND_FAILED` when no session could be opened, `IRIS_LOGIN_REFUSED`, `IRIS_TIMEOUT`.
   */
  async run(lines: readonly string[]): Promise<SessionOutput> {
    const { instance = 'IRIS', namespace = 'USER', irisProgram = 'iris', login } = this.#options;
    for (const line of lines) {
      if (/[\r\n]/.test(line))
        throw new IrisError('A line of a session holds a line break', { code: 'IRIS_VALUE' });
    }
    const stdin = [
      ...(login === undefined ? [] : [login.username, login.password.reveal()]),
      this.answer('open', '1'),
      ...lines,
      'halt',
      '',
    ].join('\n');
    const result = await this.#runner.run([irisProgram, 'session', instance, '-U', namespace], {
      stdin,
      allowFailure: true,
      timeoutMs: this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(this.#options.osUser === undefined ? {} : { user: this.#options.osUser }),
      ...(this.#options.signal === undefined ? {} : { signal: this.#options.signal }),
      ...(this.#options.onOutput === undefined ? {} : { onStdout: this.#options.onOutput }),
    });
    const text = stripColours(result.stdout).replaceAll('\r\n', '\n');
    const answerList = this.#readAnswers(text);
    const answers = new Map(answerList);
    if (answers.get('open') !== '1')
      throw this.#notOpened(text, stripColours(result.stderr), result.exitCode);
    return { exitCode: result.exitCode, text: this.#withoutAnswers(text), answers, answerList };
  }

  #readAnswers(text: string): (readonly [string, string])[] {
    return text.split('\n').flatMap((line) => {
      if (!line.startsWith(`${this.#mark} `)) return [];
      const rest = line.slice(this.#mark.length + 1);
      const blank = rest.indexOf(' ');
      return blank < 0 ? [] : [[rest.slice(0, blank), rest.slice(blank + 1).trimEnd()] as const];
    });
  }

  /** Lines with the mark are ours; an echoed input line holds it too. */
  #withoutAnswers(text: string): string {
    return text
      .split('\n')
      .filter((line) => !line.includes(this.#mark))
      .join('\n');
  }

  #notOpened(text: string, errors: string, exitCode: number): IrisError {
    const said = this.#withoutAnswers(errors.trim() || text.trim()).slice(-1000);
    if (/Access Denied/i.test(text)) {
      return new IrisError('IRIS refused the login of the session', {
        code: 'IRIS_LOGIN_REFUSED',
        hint: 'Give a user with a password, or run as an operating system user that IRIS knows (irisowner in containers).',
      });
    }
    return new IrisError(
      `No IRIS session was opened (exit code ${String(exitCode)})${said === '' ? '' : `: ${said}`}`,
      {
        code: 'IRIS_COMMAND_FAILED',
        hint: 'Check that the instance runs (`iris list`), that the namespace exists and that the user may log in.',
        details: { exitCode },
      },
    );
  }
}

/** Terminal colours and cursor movements out of a text. */
export function stripColours(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
}
