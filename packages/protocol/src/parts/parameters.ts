import { limitError, protocolError } from '../errors.js';
import type { ListItem } from '../list/list-item.js';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';

/** How a parameter came into the text: a literal that the client lifted out, or a `?` of the user. ASCII 'c' and '?'. */
export const PARAMETER_KIND = { CONSTANT: 99, USER: 63 } as const;

/**
 * One entry of the parameter list that goes with SQL text. `kind`: see {@link PARAMETER_KIND}.
 * `mode`: the official Python client 5.4.1 sends 0 for a `?`, and the type of a lifted literal (4 string, 10 integer, 11 other number);
 * the Go driver sends constants with 4 in direct queries and 1 in direct updates, accepted by real servers.
 */
export interface ParameterInfo {
  readonly kind: number;
  readonly mode: number;
  /** The kind travels as a character, as in the official client, and not as its code, as in the Go driver. */
  readonly asCharacter?: true;
}

/** The entry for a `?` of the user, as the official Python client sends it. */
export const USER_PARAMETER: ParameterInfo = { kind: PARAMETER_KIND.USER, mode: 0, asCharacter: true };

/** The values of one execution, or of a batch. Every set has `count` items. */
export interface ParameterValues {
  readonly count: number;
  readonly sets: readonly (readonly ListItem[])[];
}

export const NO_VALUES: ParameterValues = { count: 0, sets: [[]] };

export function writeParameterInfo(out: ListWriter, parameters: readonly ParameterInfo[]): void {
  out.integer(parameters.length);
  for (const { kind, mode, asCharacter } of parameters) {
    if (asCharacter === true) out.text(String.fromCharCode(kind));
    else out.integer(kind);
    out.integer(mode);
  }
}

export function readParameterInfo(body: ListReader): ParameterInfo[] {
  const count = body.readCount('The number of parameters', body.limits.maxParameters);
  const parameters: ParameterInfo[] = [];
  for (let i = 0; i < count; i++) {
    const kind = readKind(body);
    parameters.push({ ...kind, mode: body.readInteger('A parameter mode') });
  }
  return parameters;
}

/** An integer, or the character itself: clients differ. */
function readKind(body: ListReader): Omit<ParameterInfo, 'mode'> {
  const at = body.offset;
  const value = body.readValue();
  if (typeof value === 'number') return { kind: value };
  if (typeof value === 'string' && value.length === 1)
    return { kind: value.charCodeAt(0), asCharacter: true };
  throw protocolError('A parameter kind is expected', at);
}

export function writeParameterValues(out: ListWriter, { count, sets }: ParameterValues): void {
  out.integer(sets.length).integer(count);
  for (const set of sets) out.items(set);
}

/** Sets, then the count once, then all values: also in a batch (official Python client 5.4.1, captured). */
export function readParameterValues(body: ListReader): ParameterValues {
  const at = body.offset;
  const setCount = body.readInteger('The number of parameter sets');
  if (setCount < 0) throw protocolError('The number of parameter sets is negative', at);
  if (setCount > body.limits.maxParameterSets) {
    throw limitError('Parameter sets', setCount, body.limits.maxParameterSets, at);
  }
  const countAt = body.offset;
  const count = body.readInteger('The number of parameters');
  if (count < 0) throw protocolError('The number of parameters is negative', countAt);
  if (count > body.limits.maxParameters) {
    throw limitError('The number of parameters', count, body.limits.maxParameters, countAt);
  }
  // Also several executions of a statement without parameters (`executemany` of the Python client 5.3.2).
  if (count === 0) return { count, sets: Array.from({ length: setCount }, () => []) };
  if (setCount * count > body.remaining)
    throw protocolError('There are fewer parameter values than announced', at);
  const sets: ListItem[][] = [];
  for (let i = 0; i < setCount; i++) sets.push(body.readItems(count));
  return { count, sets };
}
