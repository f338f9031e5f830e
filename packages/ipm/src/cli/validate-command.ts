import { statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openModuleDirectory, validateModuleDirectory } from '../pack/module-directory.js';
import { fixManifest } from '../validate/fix-manifest.js';
import type { ExitCode, Terminal } from './terminal.js';
import { countFindings, writeFindings } from './findings-text.js';
import { EXIT, writeJson } from './terminal.js';

/** `iris-ipm validate [path] [--fix] [--json]`. */
export function validateCommand(
  path: string,
  flags: { readonly fix?: boolean; readonly json?: boolean },
  terminal: Terminal,
): ExitCode {
  const root = moduleRoot(path);
  const directory = openModuleDirectory(root);
  const file = join(root, 'module.xml');
  let findings = validateModuleDirectory(directory);
  let fixed = 0;
  if (flags.fix === true) {
    const result = fixManifest(directory.source, { files: directory.files });
    if (result.text !== directory.source) writeFileSync(file, result.text);
    findings = [...result.remaining];
    fixed = result.fixed.length;
  }
  const errors = findings.some((finding) => finding.severity === 'error');
  if (flags.json === true) {
    writeJson(terminal, { ok: !errors, file, fixed, findings });
  } else {
    writeFindings(terminal, file, findings);
    const fixes = fixed === 0 ? '' : `, ${String(fixed)} fixed`;
    terminal.out(`${file}: ${countFindings(findings)}${fixes}\n`);
  }
  return errors ? EXIT.failed : EXIT.ok;
}

/** The directory itself, or that of the module.xml that was named. */
export function moduleRoot(path: string): string {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return isFile && basename(path) === 'module.xml' ? dirname(path) : path;
}
