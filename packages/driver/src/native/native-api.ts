import {
  decodeReply,
  ListReader,
  NATIVE_OK,
  type Frame,
  type MessageKind,
  type ReplyOf,
  type Request,
} from '@iris-devtools/protocol';
import { nativeError } from '../errors.js';
import { askOnce } from '../connection/conversation.js';
import type { Run } from '../connection/statement-runner.js';
import type { RequestControl } from '../net/request-queue.js';
import type { Wire } from '../net/wire.js';
import {
  ByReference,
  decodeNative,
  encodeNative,
  type NativeArgument,
  type NativeResult,
  type NativeValue,
  type Oref,
} from './native-value.js';

export interface OrderOptions {
  readonly direction?: 'next' | 'previous';
}

export interface LockOptions {
  /** Letters as in ObjectScript: S shared, E escalating; for unlock also I immediate, D deferred. */
  readonly mode?: string;
  /** 0: try once. Default 10. */
  readonly timeoutSeconds?: number;
}

/**
 * What is not SQL: class methods, routines, objects, globals, locks and ObjectScript transactions, as the official addon sends them.
 * Every method throws IrisError IRIS_NATIVE with the server's text when the server fails, and what the connection throws.
 */
export class NativeApi {
  readonly #wire: Wire;
  readonly #run: Run;
  readonly #control: RequestControl;

  constructor(wire: Wire, run: Run, control: RequestControl = {}) {
    this.#wire = wire;
    this.#run = run;
    this.#control = control;
  }

  /** The same, each call with this signal and time limit: `await connection.native.with({ signal }).get('Log', 1)`. */
  with(control: RequestControl): NativeApi {
    return new NativeApi(this.#wire, this.#run, control);
  }

  /** Calls a class method. {@link ByReference} arguments are updated. Gives null for a method without a value. */
  classMethod(className: string, method: string, ...args: NativeArgument[]): Promise<NativeResult> {
    return this.#call('ClassMethodValue', className, method, args);
  }

  /** As {@link NativeApi.classMethod}, for methods that give no value. */
  async classMethodVoid(className: string, method: string, ...args: NativeArgument[]): Promise<void> {
    await this.#call('ClassMethodVoid', className, method, args);
  }

  instanceMethod(object: Oref, method: string, ...args: NativeArgument[]): Promise<NativeResult> {
    return this.#call('InstanceMethodValue', object.id, method, args);
  }

  async instanceMethodVoid(object: Oref, method: string, ...args: NativeArgument[]): Promise<void> {
    await this.#call('InstanceMethodVoid', object.id, method, args);
  }

  /** `$$function^routine(args)`. */
  routineFunction(routine: string, name: string, ...args: NativeArgument[]): Promise<NativeResult> {
    return this.#call('RoutineFunction', routine, name, args);
  }

  /** `DO procedure^routine(args)`. */
  async routineProcedure(routine: string, name: string, ...args: NativeArgument[]): Promise<void> {
    await this.#call('RoutineProcedure', routine, name, args);
  }

  async getProperty(object: Oref, property: string): Promise<NativeResult> {
    const { value } = await this.#ask({ kind: 'PropertyGet', oref: object.id, property });
    return decodeNative(value);
  }

  async setProperty(object: Oref, property: string, value: NativeValue): Promise<void> {
    await this.#ask({ kind: 'PropertySet', oref: object.id, property, value: encodeNative(value) });
  }

  /** The value of a global node; null when it has none. Names are without caret. */
  async get(name: string, ...subscripts: NativeValue[]): Promise<NativeResult> {
    const { value } = await this.#ask({ kind: 'GlobalGet', ...node(name, subscripts) });
    return decodeNative(value);
  }

  async set(value: NativeValue, name: string, ...subscripts: NativeValue[]): Promise<void> {
    await this.#ask({ kind: 'GlobalSet', ...node(name, subscripts), value: encodeNative(value) });
  }

  /** Removes a node and everything below it. */
  async kill(name: string, ...subscripts: NativeValue[]): Promise<void> {
    await this.#ask({ kind: 'GlobalKill', ...node(name, subscripts) });
  }

  /** `$DATA`: 0 nothing, 1 a value, 10 nodes below, 11 both. */
  async data(name: string, ...subscripts: NativeValue[]): Promise<number> {
    return (await this.#ask({ kind: 'GlobalData', ...node(name, subscripts) })).data;
  }

  /** Adds to a node in one step and gives the new value. */
  async increment(by: number | bigint, name: string, ...subscripts: NativeValue[]): Promise<NativeResult> {
    const { value } = await this.#ask({
      kind: 'GlobalIncrement',
      ...node(name, subscripts),
      by: encodeNative(by),
    });
    return decodeNative(value);
  }

  /** `$ORDER`: the subscript after the last one given (`''` starts at the beginning); null at the end. */
  async order(
    name: string,
    subscripts: readonly NativeValue[],
    options: OrderOptions = {},
  ): Promise<NativeResult> {
    const { subscript } = await this.#order(name, subscripts, options, false);
    return subscript;
  }

  /** Subscripts and values of one level, in `$ORDER`'s order, one request each. */
  async *entries(
    name: string,
    subscripts: readonly NativeValue[] = [],
    options: OrderOptions = {},
  ): AsyncGenerator<[NativeResult, NativeResult]> {
    let last: NativeValue = '';
    for (;;) {
      const { subscript, value } = await this.#order(name, [...subscripts, last], options, true);
      if (subscript === null) return;
      yield [subscript, value];
      last = subscript;
    }
  }

  /** `LOCK +^name(subscripts)`. @returns false when the timeout ran out */
  async lock(
    name: string,
    subscripts: readonly NativeValue[] = [],
    options: LockOptions = {},
  ): Promise<boolean> {
    const { mode = '', timeoutSeconds = 10 } = options;
    const { granted } = await this.#ask({
      kind: 'Lock',
      ...node(withCaret(name), subscripts),
      mode,
      timeoutSeconds,
    });
    return granted;
  }

  async unlock(
    name: string,
    subscripts: readonly NativeValue[] = [],
    options: Pick<LockOptions, 'mode'> = {},
  ): Promise<void> {
    await this.#ask({ kind: 'Unlock', ...node(withCaret(name), subscripts), mode: options.mode ?? '' });
  }

  async releaseAllLocks(): Promise<void> {
    await this.#ask({ kind: 'ReleaseAllLocks' });
  }

  async tStart(): Promise<void> {
    await this.#ask({ kind: 'TStart' });
  }

  async tCommit(): Promise<void> {
    await this.#ask({ kind: 'TCommit' });
  }

  /** Undoes every level. */
  async tRollback(): Promise<void> {
    await this.#ask({ kind: 'TRollback' });
  }

  /** Undoes the innermost level. */
  async tRollbackOne(): Promise<void> {
    await this.#ask({ kind: 'TRollbackOne' });
  }

  /** `$TLEVEL`. */
  async tLevel(): Promise<number> {
    return (await this.#ask({ kind: 'TLevel' })).level;
  }

  async #order(
    name: string,
    subscripts: readonly NativeValue[],
    { direction = 'next' }: OrderOptions,
    withValue: boolean,
  ): Promise<{ subscript: NativeResult; value: NativeResult }> {
    const reply = await this.#ask({ kind: 'GlobalOrder', ...node(name, subscripts), direction, withValue });
    const subscript = decodeNative(reply.subscript);
    return { subscript: subscript === '' ? null : subscript, value: decodeNative(reply.value) };
  }

  async #call(
    kind: CallKind,
    target: string,
    method: string,
    args: readonly NativeArgument[],
  ): Promise<NativeResult> {
    const reply = await this.#ask({ kind, target, method, args: args.map(encodeNative) });
    const references = args.filter((arg) => arg instanceof ByReference);
    references.forEach((reference, index) => {
      reference.value = decodeNative(reply.byReference[index]);
    });
    return decodeNative(reply.value);
  }

  #ask<K extends MessageKind>(request: Extract<Request, { readonly kind: K }>): Promise<ReplyOf<K>> {
    return this.#run(async () => {
      const frame = await askOnce(this.#wire, request);
      if (frame.code !== NATIVE_OK) throw nativeError(failureText(frame));
      return decodeReply<K>(request.kind, frame, this.#wire.codec);
    }, this.#control);
  }
}

type CallKind =
  | 'ClassMethodValue'
  | 'ClassMethodVoid'
  | 'InstanceMethodValue'
  | 'InstanceMethodVoid'
  | 'RoutineFunction'
  | 'RoutineProcedure';

function node(
  name: string,
  subscripts: readonly NativeValue[],
): { name: string; subscripts: ReturnType<typeof encodeNative>[] } {
  return { name, subscripts: subscripts.map(encodeNative) };
}

function withCaret(name: string): string {
  return name.startsWith('^') ? name : `^${name}`;
}

function failureText(frame: Frame): string {
  const body = new ListReader(frame.payload);
  return body.atEnd ? '' : body.readText();
}
