import { IrisError } from '@iris-devtools/core';
import { parseAppName } from '@iris-devtools/ipm';
import type { ApplicationType } from './frameworks.js';
import { frameworkOf } from './frameworks.js';
import type { Binding, PythonSources } from './python-sources.js';
import { findApplications } from './find-applications.js';

/**
 * Is `app` there, and is it of this type? Looks at the sources only.
 * @returns warnings about other files.
 * @throws IrisError `IRIS_VALIDATION` naming the file and what to change.
 */
export function checkApplication(sources: PythonSources, app: string, type: ApplicationType): string[] {
  const { module, callable } = parseAppName(app);
  const path = module.replaceAll('.', '/');
  const file = [`${path}.py`, `${path}/__init__.py`].find((candidate) =>
    Object.hasOwn(sources.files, candidate),
  );
  if (file === undefined) throw missingModule(sources, module, path);
  for (const parent of parentsOf(module)) refuseSyntaxError(sources, `${parent}/__init__.py`);
  refuseSyntaxError(sources, file);
  const source = sources.files[file];
  if (source !== undefined && 'names' in source) {
    const binding = Object.hasOwn(source.names, callable) ? source.names[callable] : undefined;
    if (binding !== undefined) checkBinding(binding, `${file}:${String(binding.line)}`, callable, type);
    // `from x import *` may bring the name.
    else if (!source.star) throw missingCallable(sources, file, callable);
  }
  const broken = Object.entries(sources.files).flatMap(([name, each]) =>
    'error' in each ? [`${name}:${String(each.error.line)} cannot be parsed: ${each.error.message}`] : [],
  );
  const hidden = sources.hidden.map(
    (name) => `${name} has the name of a module of Python; a process that has imported that one keeps it`,
  );
  return [...broken, ...hidden];
}

function parentsOf(module: string): string[] {
  const parts = module.split('.').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function refuseSyntaxError(sources: PythonSources, file: string): void {
  const source = sources.files[file];
  if (source === undefined || !('error' in source)) return;
  throw invalid(
    `${file}:${String(source.error.line)}: ${source.error.message}`,
    `Correct the file; it was read by Python ${sources.python}.`,
  );
}

function missingModule(sources: PythonSources, module: string, path: string): IrisError {
  const others = findApplications(sources).map((found) => found.app);
  return invalid(
    `There is no Python module ${module}: neither ${path}.py nor ${path}/__init__.py exists`,
    others[0] === undefined ? 'Check `app` and `path`.' : `Did you mean ${others.slice(0, 3).join(' or ')}?`,
  );
}

function missingCallable(sources: PythonSources, file: string, callable: string): IrisError {
  const others = findApplications(sources).filter((found) => found.file === file);
  return invalid(
    `${file} has no "${callable}"`,
    others[0] === undefined
      ? 'Name the variable that holds the application, e.g. myapp:app.'
      : `Did you mean ${others.map((found) => found.app).join(' or ')}?`,
  );
}

function checkBinding(binding: Binding, place: string, callable: string, type: ApplicationType): void {
  if (binding.kind === 'literal') {
    throw invalid(
      `${place}: ${callable} is a plain value, not an application`,
      'Name the callable of the application.',
    );
  }
  if (binding.kind === 'call') {
    const framework = frameworkOf(binding.callee);
    if (framework === undefined) return;
    if (framework.type === undefined) {
      throw invalid(`${place}: ${callable} is a ${framework.name} object`, `${framework.instead ?? ''}.`);
    }
    if (framework.type !== type) throw otherType(place, callable, framework.name, framework.type);
  }
  if (binding.kind === 'class' && !binding.usable) {
    throw invalid(
      `${place}: ${callable} is a class`,
      `Name an object of it: application = ${callable}(...).`,
    );
  }
  if (binding.kind === 'function') checkFunction(binding, place, callable, type);
}

function checkFunction(
  binding: Extract<Binding, { kind: 'function' }>,
  place: string,
  callable: string,
  type: ApplicationType,
): void {
  const takes = (count: number): boolean =>
    binding.required <= count && (binding.positional === null || binding.positional >= count);
  if (binding.async ? takes(3) && type === 'wsgi' : takes(2) && !takes(3) && type === 'asgi') {
    throw otherType(place, callable, 'a function', binding.async ? 'asgi' : 'wsgi');
  }
  const wanted = type === 'wsgi' ? 2 : 3;
  if (takes(wanted)) return;
  throw invalid(
    `${place}: ${callable} cannot be called with ${String(wanted)} arguments, as ${type.toUpperCase()} does`,
    binding.required === 0
      ? `It looks like a factory: add app = ${callable}() to the module and deploy that.`
      : 'Name the application itself.',
  );
}

function otherType(place: string, callable: string, what: string, type: ApplicationType): IrisError {
  return invalid(
    `${place}: ${callable} (${what}) is ${type.toUpperCase()}`,
    type === 'asgi' ? 'Use AsgiDeployment, or --type asgi.' : 'Use WsgiDeployment, or --type wsgi.',
  );
}

function invalid(message: string, hint: string): IrisError {
  return new IrisError(message, { code: 'IRIS_VALIDATION', hint });
}
