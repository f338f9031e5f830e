import { compareSubscripts, subscriptOf } from './subscript.js';
import type { NativeValue } from './native-value.js';
import type { Subscript } from './subscript.js';

/** One node of a global: its value and its children in collation order. */
export class GlobalNode {
  value: NativeValue = undefined;
  readonly #children = new Map<string, GlobalNode>();
  /** The keys of `#children`, sorted. */
  readonly #order: Subscript[] = [];

  get isEmpty(): boolean {
    return this.value === undefined && this.#order.length === 0;
  }

  get hasChildren(): boolean {
    return this.#order.length > 0;
  }

  child(subscript: string): GlobalNode | undefined {
    return this.#children.get(subscript);
  }

  childOrNew(subscript: Subscript): GlobalNode {
    const found = this.#children.get(subscript.text);
    if (found !== undefined) return found;
    const created = new GlobalNode();
    this.#children.set(subscript.text, created);
    this.#order.splice(this.#lowerBound(subscript), 0, subscript);
    return created;
  }

  removeChild(subscript: string): void {
    if (!this.#children.delete(subscript)) return;
    this.#order.splice(this.#lowerBound(subscriptOf(subscript)), 1);
  }

  /** The neighbour of `from` in collation order, `''` being before the first and after the last; `''` when none. */
  neighbour(from: string, direction: 'next' | 'previous'): string {
    const at = this.#lowerBound(subscriptOf(from));
    if (direction === 'next') {
      if (from === '') return this.#order[0]?.text ?? '';
      return this.#order[this.#order[at]?.text === from ? at + 1 : at]?.text ?? '';
    }
    return (from === '' ? this.#order.at(-1) : this.#order[at - 1])?.text ?? '';
  }

  /** Every node with a value at and below this one, with its subscripts, in collation order. */
  *entries(
    path: readonly string[] = [],
  ): Generator<{ subscripts: readonly string[]; value: Exclude<NativeValue, undefined> }> {
    if (this.value !== undefined) yield { subscripts: path, value: this.value };
    for (const { text } of this.#order) {
      const child = this.#children.get(text);
      if (child !== undefined) yield* child.entries([...path, text]);
    }
  }

  #lowerBound(subscript: Subscript): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#order[middle];
      if (candidate !== undefined && compareSubscripts(candidate, subscript) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
