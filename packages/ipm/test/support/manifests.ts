import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A manifest of this folder, e.g. `wsgi`. */
export function manifest(name: string): string {
  return readFileSync(join(__dirname, '..', 'manifests', `${name}.xml`), 'utf8');
}

/** Replaces text that has to be there; every change is one mutation. */
export function change(text: string, ...pairs: readonly (readonly [from: string, to: string])[]): string {
  return pairs.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`not in the manifest: ${from}`);
    return changed.replace(from, () => to);
  }, text);
}
