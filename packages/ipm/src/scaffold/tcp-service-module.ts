import { buildManifest } from '../manifest/build-manifest.js';
import { parameter } from '../manifest/expressions.js';
import type { ModuleManifest } from '../manifest/module-manifest.js';
import type { TcpServiceOptions } from '../objectscript/tcp-service-options.js';
import { generateTcpService } from '../objectscript/tcp-service.js';

export interface TcpServiceModuleOptions {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  /** Default `>=2024.1`. */
  readonly iris?: string;
  /** Directory of the Python package in the module, from its root, e.g. `/src/python/my_server/`. */
  readonly pythonSource: string;
  readonly service: TcpServiceOptions;
  /** Parts that this function does not make: more resources, dependencies, ... */
  readonly extra?: Partial<Omit<ModuleManifest, 'name' | 'version' | 'invokes' | 'parameters'>>;
}

/** Files of a module by path, to be written next to the Python sources. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/**
 * A module that runs a Python TCP server beside IRIS: copies the package, starts it at the end of installation and stops
 * it before removal. Every parameter of `Start` becomes a parameter of the module (`-DPort=6432`).
 * Starting comes last, because a failure after it would roll the database back and leave the process.
 *
 * Needs the service %Service_CallIn, which irispython uses; enable it with a CPF resource or beforehand.
 */
export function tcpServiceModule(options: TcpServiceModuleOptions): GeneratedFiles {
  const { service, extra } = options;
  const packageDirectory =
    options.pythonSource
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '';
  const libraryDirectory = `\${mgrdir}${options.name}/python/`;
  const parameters = service.parameters ?? [];
  const manifest = buildManifest({
    sourcesRoot: 'src',
    ...extra,
    name: options.name,
    version: options.version,
    ...(options.description === undefined ? {} : { description: options.description }),
    systemRequirements: { iris: options.iris ?? '>=2024.1', ...extra?.systemRequirements },
    parameters: parameters.map(({ name, default: value }) => ({ name, value })),
    resources: [
      { kind: 'document', name: `${service.className}.CLS` },
      { kind: 'file-copy', source: options.pythonSource, target: `${libraryDirectory}${packageDirectory}/` },
      ...(extra?.resources ?? []),
    ],
    invokes: [
      {
        class: service.className,
        method: 'Start',
        phase: 'Activate',
        when: 'After',
        args: parameters.map(({ name }) => parameter(name)),
      },
      { class: service.className, method: 'Stop', phase: 'Clean', when: 'Before' },
    ],
  });
  const classFile = `src/cls/${service.className.replaceAll('.', '/')}.cls`;
  return new Map([
    ['module.xml', manifest],
    [
      classFile,
      generateTcpService({
        ...service,
        // The copied package is not on the path of embedded Python.
        environment: { PYTHONPATH: libraryDirectory, ...service.environment },
      }),
    ],
  ]);
}
