import { IrisError, type CommandRunner } from '@iris-devtools/core';
import { randomBytes } from 'node:crypto';
import { objectScriptText } from './objectscript-text.js';

/** A way to an administrator's rights on the server that keeps the expired account. */
export interface RecoveryChannel {
  readonly name: string;
  /**
   * Makes the present password of exactly this user valid again, without changing it
   * (`Security.Users.UnExpireUserPasswords`).
   */
  unexpire(user: string, signal?: AbortSignal): Promise<void>;
}

/** What a channel needs of an administrator's connection: a driver connection to `%SYS` has it. */
export interface ClassMethodCaller {
  classMethod(className: string, method: string, ...args: string[]): Promise<unknown>;
}

/** Through a connection of an administrator to namespace `%SYS`. The caller keeps the connection. */
export function administratorChannel(connection: ClassMethodCaller): RecoveryChannel {
  return {
    name: 'administrator connection',
    async unexpire(user) {
      const status = await connection.classMethod('Security.Users', 'UnExpireUserPasswords', exactName(user));
      if (!isOk(status)) throw failed('administrator connection', `status ${String(status)}`);
    },
  };
}

export interface CommandChannelOptions {
  /** Runs `iris` where the instance is: in its container or on this machine. */
  readonly runner: CommandRunner;
  /** Name of the instance; default `IRIS`. */
  readonly instance?: string;
  readonly timeoutMs?: number;
}

/** Through `iris session` beside the server. The user's name travels on standard input, never in an argument. */
export function commandChannel({
  runner,
  instance = 'IRIS',
  timeoutMs = 60_000,
}: CommandChannelOptions): RecoveryChannel {
  return {
    name: `iris session ${instance}`,
    async unexpire(user, signal) {
      // A terminal mixes prompts into its output: only what stands between two marks that nobody can guess counts.
      const mark = randomBytes(12).toString('hex');
      const call = `##class(Security.Users).UnExpireUserPasswords(${objectScriptText(exactName(user))})`;
      const script = `write !,"${mark}",$SELECT(${call}:"OK",1:"FAILED"),"${mark}",!\nhalt\n`;
      const { stdout } = await runner.run(['iris', 'session', instance, '-U', '%SYS'], {
        stdin: script,
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
      const outcome = between(stdout, mark);
      if (outcome !== 'OK') throw failed(`iris session ${instance}`, outcome ?? 'no answer');
    },
  };
}

/** The last pair: a terminal may echo the script, marks and all, before it runs it. */
function between(output: string, mark: string): string | undefined {
  const parts = output.split(mark);
  return parts.length < 3 ? undefined : parts.at(-2);
}

/** `*` and `,` would widen the call to other users: it takes a pattern list. */
function exactName(user: string): string {
  if (user !== '' && !/[*,?;\0]/.test(user)) return user;
  throw new IrisError('This user name cannot be recovered automatically', {
    code: 'IRIS_OPTION',
    hint: 'It would match more than one user; change the password by hand.',
  });
}

// A %Status is 1 when all went well; an error status is a list that starts with 0.
const isOk = (status: unknown): boolean => status === 1 || status === 1n || status === '1' || status === true;

function failed(channel: string, outcome: string): IrisError {
  return new IrisError(`The password could not be made valid again through ${channel} (${outcome})`, {
    code: 'IRIS_COMMAND_FAILED',
    hint: 'Change the password in the Management Portal, or run Security.Users.UnExpireUserPasswords in %SYS.',
  });
}
