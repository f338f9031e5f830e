import { IrisError } from '@iris-devtools/core';
import { GlobalNode } from './global-node.js';
import { addValues, textOf } from './native-value.js';
import { storedSubscript } from './subscript.js';
import type { NativeValue } from './native-value.js';

/** Where a node is. `name` has no caret. */
export interface GlobalReference {
  readonly namespace: string;
  readonly name: string;
  readonly subscripts: readonly NativeValue[];
}

/** A node, with subscripts as they are stored. */
export interface GlobalPlace {
  readonly namespace: string;
  readonly name: string;
  readonly subscripts: readonly string[];
}

/**
 * A change, in a form that can be replayed and stored.
 * `kill` removes the node and all below it; `unset` takes only its value, which is how a first `set` is undone.
 */
export type GlobalChange =
  | (GlobalPlace & { readonly kind: 'set'; readonly value: Exclude<NativeValue, undefined> })
  | (GlobalPlace & { readonly kind: 'kill' | 'unset' });

/** What a journal must know to bring the globals back. `transaction`: the change is undone unless that one ends. */
export type GlobalEvent =
  | { readonly type: 'change'; readonly change: GlobalChange; readonly transaction: number | undefined }
  | { readonly type: 'end'; readonly transaction: number };

/** Told about every change after it was made. */
export type EventListener = (event: GlobalEvent) => void;

const GLOBAL_NAME = /^%?[A-Za-z][A-Za-z0-9.]*$/;
const MAX_NAME_LENGTH = 64;

/** The globals of an instance, by namespace. One store serves every connection; changes are visible at once. */
export class GlobalStore {
  readonly #roots = new Map<string, Map<string, GlobalNode>>();
  readonly #onEvent: EventListener;
  #lastTransaction = 0;

  constructor(onEvent: EventListener = () => undefined) {
    this.#onEvent = onEvent;
  }

  get(at: GlobalReference): NativeValue {
    return this.#find(at)?.value;
  }

  /** Returns what is needed to undo the change. @throws IrisError IRIS_NATIVE `<SUBSCRIPT>`, `<SYNTAX>` */
  set(at: GlobalReference, value: NativeValue, transaction?: number): readonly GlobalChange[] {
    const subscripts = at.subscripts.map(storedSubscript);
    let node = this.#root(at);
    for (const subscript of subscripts) node = node.childOrNew(subscript);
    const before = node.value;
    // A global cannot hold "undefined": setting to it stores the null string.
    node.value = value ?? '';
    const place = this.#place(
      at,
      subscripts.map(({ text }) => text),
    );
    this.#notify({ ...place, kind: 'set', value: node.value }, transaction);
    return [before === undefined ? { ...place, kind: 'unset' } : { ...place, kind: 'set', value: before }];
  }

  /** Removes a node and everything below it. Returns what is needed to undo it. */
  kill(at: GlobalReference, transaction?: number): readonly GlobalChange[] {
    const node = this.#find(at);
    if (node === undefined) return [];
    const path = at.subscripts.map(textOf);
    const undo = [...node.entries(path)].map(({ subscripts, value }): GlobalChange => ({
      ...this.#place(at, subscripts),
      kind: 'set',
      value,
    }));
    this.#detach(at, path);
    this.#notify({ ...this.#place(at, path), kind: 'kill' }, transaction);
    return undo;
  }

  /** $DATA: 0 nothing, 1 a value, 10 descendants, 11 both. */
  data(at: GlobalReference): 0 | 1 | 10 | 11 {
    const node = this.#find(at);
    if (node === undefined || node.isEmpty) return 0;
    if (node.value === undefined) return 10;
    return node.hasChildren ? 11 : 1;
  }

  /** $ORDER: the last subscript is where to start, `''` for the outside. Without subscripts: the next global's name. */
  order(at: GlobalReference, direction: 'next' | 'previous'): string {
    const last = at.subscripts.at(-1);
    if (at.subscripts.length === 0) return this.#neighbourName(at, direction);
    const parent = this.#find({ ...at, subscripts: at.subscripts.slice(0, -1) });
    return parent?.neighbour(textOf(last), direction) ?? '';
  }

  /** $INCREMENT: adds in one step and returns the sum. IRIS does not undo it on rollback, so nothing is returned for that. */
  increment(at: GlobalReference, by: NativeValue): NativeValue {
    const sum = addValues(this.get(at), by);
    this.set(at, sum);
    return sum;
  }

  /** Makes a change that a journal or an undo list holds. Returns what is needed to undo it. */
  apply(change: GlobalChange, transaction?: number): readonly GlobalChange[] {
    if (change.kind === 'set') return this.set(change, change.value, transaction);
    return change.kind === 'unset' ? this.#unset(change, transaction) : this.kill(change, transaction);
  }

  /** An id for changes that belong together. */
  beginTransaction(): number {
    this.#lastTransaction += 1;
    return this.#lastTransaction;
  }

  /** What the transaction did is final, or undone. */
  endTransaction(transaction: number): void {
    this.#onEvent({ type: 'end', transaction });
  }

  /** Everything, as changes that rebuild the store. */
  *changes(): Generator<GlobalChange> {
    for (const [namespace, globals] of this.#roots) {
      for (const [name, root] of globals) {
        for (const { subscripts, value } of root.entries()) {
          yield { kind: 'set', namespace, name, subscripts, value };
        }
      }
    }
  }

  /** Forgets the globals of a namespace that was deleted. */
  dropNamespace(namespace: string): void {
    this.#roots.delete(namespace.toUpperCase());
  }

  #root(at: GlobalReference): GlobalNode {
    if (!GLOBAL_NAME.test(at.name) || at.name.length > MAX_NAME_LENGTH) {
      throw new IrisError('<SYNTAX>', {
        code: 'IRIS_NATIVE',
        hint: 'A global name is letters and digits, may start with "%", and comes without a caret.',
      });
    }
    const { namespace, name } = this.#place(at, []);
    const globals = this.#roots.get(namespace) ?? new Map<string, GlobalNode>();
    this.#roots.set(namespace, globals);
    const root = globals.get(name) ?? new GlobalNode();
    globals.set(name, root);
    return root;
  }

  #find(at: GlobalReference): GlobalNode | undefined {
    const { namespace, name } = this.#place(at, []);
    let node = this.#roots.get(namespace)?.get(name);
    for (const subscript of at.subscripts) node = node?.child(textOf(subscript));
    return node;
  }

  #place(at: GlobalReference, subscripts: readonly string[]): GlobalPlace {
    // Percent globals belong to the system and are the same from every namespace.
    const namespace = at.name.startsWith('%') ? '%SYS' : at.namespace.toUpperCase();
    return { namespace, name: at.name, subscripts };
  }

  /** Takes a node away and every ancestor that nothing is left of. */
  #detach(at: GlobalReference, path: readonly string[]): void {
    const { namespace, name } = this.#place(at, []);
    const globals = this.#roots.get(namespace);
    const chain: GlobalNode[] = [];
    let node = globals?.get(name);
    for (const text of path) {
      if (node === undefined) return;
      chain.push(node);
      node = node.child(text);
    }
    let removable = true;
    for (let depth = path.length - 1; depth >= 0 && removable; depth -= 1) {
      const parent = chain[depth];
      parent?.removeChild(path[depth] ?? '');
      removable = parent?.isEmpty ?? false;
    }
    if (removable) globals?.delete(name);
  }

  #unset(change: GlobalPlace, transaction: number | undefined): readonly GlobalChange[] {
    const node = this.#find(change);
    const before = node?.value;
    if (node === undefined || before === undefined) return [];
    node.value = undefined;
    if (node.isEmpty) this.#detach(change, change.subscripts);
    this.#notify({ ...change, kind: 'unset' }, transaction);
    return [{ ...change, kind: 'set', value: before }];
  }

  #notify(change: GlobalChange, transaction: number | undefined): void {
    this.#onEvent({ type: 'change', change, transaction });
  }

  #neighbourName(at: GlobalReference, direction: 'next' | 'previous'): string {
    const { namespace } = this.#place(at, []);
    const names = [...(this.#roots.get(namespace)?.keys() ?? [])].sort();
    if (direction === 'next') return names.find((name) => name > at.name) ?? '';
    return names.reverse().find((name) => at.name === '' || name < at.name) ?? '';
  }
}
