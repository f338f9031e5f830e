import { IrisError } from '@iris-devtools/core';

/** A value that is fixed when the class is generated (may hold `${mgrdir}` and the like), or given to Start. */
export type ServiceText = string | { readonly parameter: string };

export interface TcpServiceOptions {
  /** E.g. `MyApp.Service`. */
  readonly className: string;
  /** Name in the console log and of the PID and log files in the manager's directory: letters, digits, `.`, `_`, `-`. */
  readonly serviceName: string;
  /** Python module to run as `irispython -m MODULE`. */
  readonly pythonModule: string;
  /** Parameters of Start and Restart with their defaults, in order. */
  readonly parameters?: readonly { readonly name: string; readonly default: string }[];
  /** Arguments behind the module. */
  readonly args?: readonly ServiceText[];
  /** Environment variables; names of capital letters, digits and `_`. */
  readonly environment?: Readonly<Record<string, ServiceText>>;
  /** How long Start waits to see the server alive, and Stop for it to end before it is killed. Default 2 and 10. */
  readonly startSeconds?: number;
  readonly stopSeconds?: number;
}

const SERVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const PYTHON_MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const VARIABLE = /^[A-Z_][A-Z0-9_]*$/;

/** @throws IrisError `IRIS_OPTION` for names that cannot be written into a class. */
export function checkTcpService(options: TcpServiceOptions): void {
  const refuse = (what: string, hint: string): never => {
    throw new IrisError(what, { code: 'IRIS_OPTION', hint });
  };
  if (!SERVICE_NAME.test(options.serviceName)) {
    refuse(
      `"${options.serviceName.slice(0, 80)}" is not a service name`,
      'Use letters, digits, ".", "_" and "-".',
    );
  }
  if (!PYTHON_MODULE.test(options.pythonModule)) {
    refuse(
      `"${options.pythonModule.slice(0, 80)}" is not a Python module`,
      'Write the dotted name, e.g. my_app.server.',
    );
  }
  const wrong = Object.keys(options.environment ?? {}).find((name) => !VARIABLE.test(name));
  if (wrong !== undefined)
    refuse(`"${wrong.slice(0, 80)}" is not an environment variable`, 'Use capital letters, digits and "_".');
  const declared = (options.parameters ?? []).map(({ name }) => name);
  const texts = [...(options.args ?? []), ...Object.values(options.environment ?? {})];
  const unknown = texts.find((text) => typeof text !== 'string' && !declared.includes(text.parameter));
  if (unknown !== undefined && typeof unknown !== 'string') {
    refuse(`Start has no parameter "${unknown.parameter}"`, 'Declare it in `parameters`.');
  }
  for (const seconds of [options.startSeconds, options.stopSeconds]) {
    if (seconds !== undefined && !(seconds > 0 && seconds <= 3600))
      refuse('A wait is out of range', 'Use 1 to 3600 seconds.');
  }
}
