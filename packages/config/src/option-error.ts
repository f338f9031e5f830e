import { IrisError } from '@iris-devtools/core';
import { OPTIONS, type OptionName } from './options.js';

/** A setting that cannot be used: names the key, where it came from and what is allowed; never a secret's value. */
export function optionError(name: OptionName, source: string, value: unknown, cause?: unknown): IrisError {
  const { secret, allowed } = OPTIONS[name] as { secret?: true; allowed: string };
  const shown = secret ? '' : ` ${JSON.stringify(value)}`;
  return new IrisError(`The value${shown} of ${name} (from ${source}) cannot be used`, {
    code: 'IRIS_OPTION',
    hint: `Allowed for ${name}: ${allowed}.`,
    details: { option: name, source },
    cause,
  });
}

export function unknownOption(name: string, source: string, allowed: readonly string[]): IrisError {
  return new IrisError(`There is no setting ${JSON.stringify(name)} (from ${source})`, {
    code: 'IRIS_OPTION',
    hint: `Known settings: ${allowed.join(', ')}.`,
    details: { option: name, source },
  });
}
