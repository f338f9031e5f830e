import type { Prepared } from './prepared.js';

/** Longer texts are data rather than statements, and seldom come twice. */
const MAX_TEXT = 20_000;

/** Prepared statements by text and by everything that their meaning depends on, the least used leaving first. */
export class PreparedCache {
  readonly #entries = new Map<string, Prepared>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Prepared | undefined {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  put(key: string, prepared: Prepared): void {
    if (prepared.sql.length > MAX_TEXT) return;
    this.#entries.set(key, prepared);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
