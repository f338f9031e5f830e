import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface PsqlRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** Runs psql with a script on its standard input: unaligned, rows only, stopping at the first error. */
export async function runPsql(url: string, password: string, script: string): Promise<PsqlRun> {
  const child = spawn('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', url], {
    env: { ...process.env, PGPASSWORD: password },
  });
  // It may be gone before it read its script, when the login fails.
  child.stdin.on('error', () => undefined);
  child.stdin.end(script);
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { stdout, stderr, exitCode };
}
