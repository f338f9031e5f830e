import type { ResultPlan } from './result-plan.js';

/** A statement that the server keeps under an id. */
export type CachedStatement =
  | { readonly type: 'query'; readonly plan: ResultPlan }
  | { readonly type: 'update'; readonly statementId: number };

/** Longer texts are not remembered: generated INSERTs with their values inside come only once and would fill the memory. */
const MAX_KEY_LENGTH = 32_768;

/** The least recently used entries go first. A `Map` keeps insertion order, so using an entry moves it to the end. */
export class LruCache<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    if (this.#capacity === 0 || key.length > MAX_KEY_LENGTH) return;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#capacity) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
