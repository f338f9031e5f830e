/** Parts of a command line that other commands for IRIS share with `iris-ipm`. */
export { EXIT, reportError, writeJson } from './terminal.js';
export { loginOf, secondsOf, sessionOf, targetOf, withSessionOptions } from './target-options.js';

export type { ExitCode, Terminal } from './terminal.js';
export type { Login, SessionFlags } from './target-options.js';
