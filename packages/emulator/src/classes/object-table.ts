import { Oref } from '../globals/native-value.js';
import { nativeError } from './native-error.js';
import type { ServerObject } from './class-definition.js';

/**
 * Many clients never say that they are done with an object (npm typeorm-iris), so the ones that were not used for the
 * longest time are dropped beyond this many.
 */
const MAX_OBJECTS = 10_000;

/** The objects of one process, by OREF. */
export class ObjectTable {
  readonly #objects = new Map<number, ServerObject>();
  #lastId = 0;

  add(object: ServerObject): Oref {
    this.#lastId += 1;
    this.#objects.set(this.#lastId, object);
    if (this.#objects.size > MAX_OBJECTS) {
      const oldest = this.#objects.keys().next();
      if (oldest.done !== true) this.#objects.delete(oldest.value);
    }
    return new Oref(this.#lastId, object.definition.name);
  }

  has(id: number): boolean {
    return this.#objects.has(id);
  }

  /** @throws IrisError `<INVALID OREF>` */
  get(id: number): ServerObject {
    const object = this.#objects.get(id);
    if (object === undefined) throw nativeError('INVALID OREF');
    this.#objects.delete(id);
    this.#objects.set(id, object);
    return object;
  }

  /** One that is unknown is no error: a client may say it twice. */
  release(id: number): void {
    this.#objects.delete(id);
  }

  clear(): void {
    this.#objects.clear();
  }
}
