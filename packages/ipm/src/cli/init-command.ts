import { mkdirSync, writeFileSync, existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import type { ModuleKind } from '../scaffold/module-template.js';
import { moduleTemplate } from '../scaffold/module-template.js';
import type { ExitCode, Terminal } from './terminal.js';
import { EXIT, writeJson } from './terminal.js';

export interface InitFlags {
  readonly kind: ModuleKind;
  readonly name?: string;
  readonly moduleVersion?: string;
  readonly urlPrefix?: string;
  readonly port?: string;
  readonly json?: boolean;
}

/** `iris-ipm init [directory]`: never overwrites a file. */
export function initCommand(directory: string, flags: InitFlags, terminal: Terminal): ExitCode {
  const port = flags.port === undefined ? undefined : Number(flags.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new IrisError(`--port ${flags.port ?? ''} is not a port`, {
      code: 'IRIS_OPTION',
      hint: 'Use 1 to 65535.',
    });
  }
  const files = moduleTemplate({
    kind: flags.kind,
    name: flags.name ?? basename(resolve(directory)),
    ...(flags.moduleVersion === undefined ? {} : { version: flags.moduleVersion }),
    ...(flags.urlPrefix === undefined ? {} : { urlPrefix: flags.urlPrefix }),
    ...(port === undefined ? {} : { port }),
  });
  const taken = [...files.keys()].find((path) => existsSync(join(directory, path)));
  if (taken !== undefined) {
    throw new IrisError(`${join(directory, taken)} exists already; nothing was written`, {
      code: 'IRIS_IO',
      hint: 'Choose another directory, or move the file away.',
    });
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text, { flag: 'wx' });
  }
  if (flags.json === true) writeJson(terminal, { ok: true, directory, files: [...files.keys()] });
  else for (const path of files.keys()) terminal.out(`${join(directory, path)}\n`);
  return EXIT.ok;
}
