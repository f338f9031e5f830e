import type { NativeValue } from '../globals/native-value.js';
import type { IrisProcess } from '../server/iris-process.js';
import type { CallArguments } from './call-arguments.js';

type Result = NativeValue | Promise<NativeValue>;

/** A class method. `undefined` as result: the method returns nothing. */
export type ClassMethod = (process: IrisProcess, args: CallArguments) => Result;

export type InstanceMethod<State> = (self: State, process: IrisProcess, args: CallArguments) => Result;

export interface Property<State> {
  get(self: State, process: IrisProcess): NativeValue;
  /** Absent: the property is read-only. */
  set?(self: State, value: NativeValue): void;
}

/** One class of the emulated instance. Names are case-sensitive, as in IRIS. */
export interface ClassDefinition<State = never> {
  readonly name: string;
  /** Exists in %SYS only, as the Security and Config packages do. */
  readonly systemOnly?: boolean;
  readonly superclasses?: readonly string[];
  readonly classMethods?: Readonly<Record<string, ClassMethod>>;
  readonly methods?: Readonly<Record<string, InstanceMethod<State>>>;
  readonly properties?: Readonly<Record<string, Property<State>>>;
}

/** An object on the server: the class that interprets it and what the class keeps. */
export interface ServerObject {
  readonly definition: ClassDefinition;
  readonly state: never;
}

/** Pairs a state with its class, so that only this class's methods ever see it. */
export function serverObject<State>(definition: ClassDefinition<State>, state: State): ServerObject {
  // The registry hands a state only to methods of the definition that it came with.
  return { definition: definition, state: state as never };
}
