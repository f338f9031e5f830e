import { IrisError } from '@iris-devtools/core';
import { lastTraceback } from '../host/files/last-traceback.js';
import type { ProbeOutcome } from '../probe/probe.js';

/** The error for a release that was installed and does not answer; `log` is what WSGI.log got since. */
export function notServed(outcome: ProbeOutcome, url: string, log: string): IrisError {
  const traceback = lastTraceback(log);
  const [what, hint] = explain(outcome);
  const exception = traceback?.split('\n').at(-1);
  return new IrisError(`${url} ${what}${exception === undefined ? '' : `: ${exception}`}`, {
    code: 'IRIS_DEPLOY',
    hint:
      traceback === undefined
        ? hint
        : `Correct the application; details.traceback has the place. ${missingPackage(exception)}`.trim(),
    details: { outcome, ...(traceback === undefined ? {} : { traceback }) },
  });
}

function explain(outcome: ProbeOutcome): readonly [what: string, hint: string] {
  switch (outcome.kind) {
    case 'other-release':
      return [
        `is still answered by release ${outcome.release}`,
        'Processes of IRIS keep what they imported: restart IRIS or the container, then deploy again.',
      ];
    case 'login':
      return [
        `refused the login (status ${String(outcome.status)})`,
        'Check the user, the password and the roles of the application.',
      ];
    case 'failing':
      return [
        `fails with status ${String(outcome.status)}`,
        'Read WSGI.log and messages.log of the instance.',
      ];
    case 'foreign':
      return [
        `is answered with status ${String(outcome.status)}, and not by this application`,
        'Check that the web server belongs to this instance and passes this path on.',
      ];
    case 'unreachable':
      return [
        `cannot be reached (${outcome.reason})`,
        'Check the URL of the web server; licensed images have none of their own.',
      ];
    case 'proven':
      return ['answers', ''];
  }
}

function missingPackage(exception: string | undefined): string {
  const name = /No module named '([^']+)'/.exec(exception ?? '')?.[1];
  return name === undefined ? '' : `If ${name} is a package, name it in requirements.txt.`;
}
