/** Keeps the most recently used values within two bounds: how many, and how much text their keys hold. */
export class StatementCache<Value> {
  readonly #maxEntries: number;
  readonly #maxKeyCharacters: number;
  readonly #entries = new Map<string, Value>();
  #keyCharacters = 0;

  constructor(maxEntries: number, maxKeyCharacters: number) {
    this.#maxEntries = maxEntries;
    this.#maxKeyCharacters = maxKeyCharacters;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map iterates in order of insertion, so the oldest key is the least recently used.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    if (key.length > this.#maxKeyCharacters) return;
    this.#remove(key);
    this.#entries.set(key, value);
    this.#keyCharacters += key.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#keyCharacters <= this.#maxKeyCharacters) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    if (this.#entries.delete(key)) this.#keyCharacters -= key.length;
  }
}
