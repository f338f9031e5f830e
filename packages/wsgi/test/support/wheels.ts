import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalTarget } from '@iris-devtools/ipm';

const MAKE_WHEEL = `
import sys, zipfile
directory, name, version, tag, requires = sys.argv[1:6]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{directory}/{name}-{version}-{tag}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
    wheel.writestr(f"{name}.py", f'TEXT = "greeting {version}"\\n' + sys.argv[6])
    metadata = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
    wheel.writestr(f"{info}/METADATA", metadata + "".join(f"Requires-Dist: {each}\\n" for each in requires.split("|") if each))
    wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: {tag}\\n")
    wheel.writestr(f"{info}/RECORD", "")
`;

export interface WheelOptions {
  readonly name?: string;
  /** Default `py3-none-any`. */
  readonly tag?: string;
  readonly requires?: readonly string[];
  /** More text for its module. */
  readonly code?: string;
}

/** A directory of real wheels, made by hand so that nothing is fetched; removed at the end of the scope. */
export class Wheels {
  readonly path = mkdtempSync(join(tmpdir(), 'wsgi-wheels-'));

  async add(version: string, options: WheelOptions = {}): Promise<void> {
    const { name = 'tiny_greeting', tag = 'py3-none-any', requires = [], code = '' } = options;
    const words = [this.path, name, version, tag, requires.join('|'), code];
    await new LocalTarget().run(['python3', '-c', MAKE_WHEEL, ...words]);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}
