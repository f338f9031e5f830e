import { integerOf, isTrue, textOf } from '../globals/native-value.js';
import { nativeError } from './native-error.js';
import type { NativeValue } from '../globals/native-value.js';

export interface CallArgument {
  readonly value: NativeValue;
  readonly byReference: boolean;
}

/** Arguments of one call, counted from 0. Methods change by-reference ones with `assign`. */
export class CallArguments {
  readonly #arguments: readonly CallArgument[];
  readonly #assigned: Map<number, NativeValue>;

  constructor(values: readonly CallArgument[]) {
    this.#arguments = values;
    this.#assigned = new Map();
  }

  get count(): number {
    return this.#arguments.length;
  }

  has(index: number): boolean {
    return this.#arguments[index]?.value !== undefined;
  }

  value(index: number): NativeValue {
    return this.#arguments[index]?.value;
  }

  /** All values from `index` on. */
  from(index: number): readonly NativeValue[] {
    return this.#arguments.slice(index).map(({ value }) => value);
  }

  text(index: number, otherwise = ''): string {
    return this.has(index) ? textOf(this.value(index)) : otherwise;
  }

  integer(index: number, otherwise: number): number {
    return this.has(index) ? integerOf(this.value(index)) : otherwise;
  }

  flag(index: number, otherwise: boolean): boolean {
    return this.has(index) ? isTrue(this.value(index)) : otherwise;
  }

  /** Gives an argument a new value; without effect for one that was not passed by reference, as in ObjectScript. */
  assign(index: number, value: NativeValue): void {
    this.#assigned.set(index, value);
  }

  /** Values of the by-reference arguments in order, as the reply carries them. */
  get byReferenceValues(): readonly NativeValue[] {
    return this.#arguments.flatMap(({ value, byReference }, index) =>
      byReference ? [this.#assigned.has(index) ? this.#assigned.get(index) : value] : [],
    );
  }

  /** @throws IrisError `<PARAMETER>` when there are more arguments than the method declares */
  expectAtMost(count: number): void {
    if (this.count > count)
      throw nativeError('PARAMETER', undefined, `The method takes at most ${count} arguments.`);
  }
}
