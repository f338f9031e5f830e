import { join } from 'node:path';
import { openModuleDirectory } from '../pack/module-directory.js';
import { packModule } from '../pack/pack-module.js';
import type { ExitCode, Terminal } from './terminal.js';
import { writeFindings } from './findings-text.js';
import { EXIT, writeJson } from './terminal.js';
import { moduleRoot } from './validate-command.js';

/** `iris-ipm pack [path]`. */
export async function packCommand(
  path: string,
  flags: { readonly output?: string; readonly include?: readonly string[]; readonly json?: boolean },
  terminal: Terminal,
): Promise<ExitCode> {
  const root = moduleRoot(path);
  const { name, version } = openModuleDirectory(root);
  // Without a name or version packModule refuses, and never uses this path.
  const outputPath = flags.output ?? join(process.cwd(), `${name ?? 'module'}-${version ?? '0'}.tgz`);
  const result = await packModule(root, { outputPath, include: flags.include ?? [] });
  if (flags.json === true) writeJson(terminal, { ok: true, ...result });
  else {
    writeFindings(terminal, join(root, 'module.xml'), result.warnings);
    const summary = `${String(result.files.length)} files, ${String(result.sizeBytes)} bytes`;
    terminal.out(`${result.path}: ${summary}, sha256 ${result.sha256}\n`);
  }
  return EXIT.ok;
}
