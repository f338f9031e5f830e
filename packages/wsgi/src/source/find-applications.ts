import type { ApplicationType } from './frameworks.js';
import { frameworkOf } from './frameworks.js';
import type { Binding, PythonSources, SourceFile } from './python-sources.js';

/** An application that a directory holds. */
export interface FoundApplication {
  /** `module:callable`. */
  readonly app: string;
  readonly type: ApplicationType;
  /** `undefined`: a plain function. */
  readonly framework: string | undefined;
  readonly file: string;
  readonly line: number;
}

/** Module names that frameworks and tutorials use, best first. */
const USUAL_MODULES = ['wsgi', 'asgi', 'app', 'main', 'application', 'server'];
const USUAL_NAMES = ['app', 'application', 'wsgi_app', 'asgi_app'];

/** Every application that can be told without running code, the likeliest first. */
export function findApplications(sources: PythonSources): FoundApplication[] {
  const found = Object.entries(sources.files).flatMap(([file, source]) => applicationsIn(file, source));
  return found.sort((a, b) => rank(a) - rank(b) || (a.app < b.app ? -1 : 1));
}

function applicationsIn(file: string, source: SourceFile): FoundApplication[] {
  const module = moduleName(file);
  if ('error' in source || module === undefined) return [];
  return Object.entries(source.names).flatMap(([name, binding]) => {
    const type = applicationType(name, binding);
    if (type === undefined) return [];
    const framework = binding.kind === 'call' ? frameworkOf(binding.callee)?.name : undefined;
    return [{ app: `${module}:${name}`, type, framework, file, line: binding.line }];
  });
}

function applicationType(name: string, binding: Binding): ApplicationType | undefined {
  if (binding.kind === 'call') return frameworkOf(binding.callee)?.type;
  // A function is taken for an application only under a usual name: many have two or three parameters.
  if (binding.kind !== 'function' || !USUAL_NAMES.includes(name)) return undefined;
  if (binding.async) return binding.required === 3 ? 'asgi' : undefined;
  return binding.required === 2 ? 'wsgi' : undefined;
}

function rank({ app, file }: FoundApplication): number {
  const [module = '', name = ''] = app.split(':');
  const last = module.split('.').at(-1) ?? '';
  const usual = USUAL_MODULES.indexOf(last);
  const inTests = /(?:^|\/)(?:tests?|examples?|docs)\//.test(file) || /(?:^|\/)(?:test_|conftest)/.test(file);
  return (
    (inTests ? 1000 : 0) +
    (usual < 0 ? USUAL_MODULES.length : usual) * 10 +
    (USUAL_NAMES.includes(name) ? 0 : 5) +
    file.split('/').length
  );
}

/** `a/b/__init__.py` is `a.b`; `undefined` for a file that cannot be imported by name. */
export function moduleName(file: string): string | undefined {
  const parts = file.replace(/\.py$/, '').split('/');
  if (parts.length > 1 && parts.at(-1) === '__init__') parts.pop();
  return parts.every((part) => /^[A-Za-z_]\w*$/.test(part)) ? parts.join('.') : undefined;
}
