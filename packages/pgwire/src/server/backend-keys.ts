import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { CancelRequest } from '../messages/startup/cancel-request.js';

interface Entry {
  readonly secretKey: Buffer;
  readonly cancel: () => void;
}

const MAX_PROCESS_ID = 0x7fff_ffff;

/** Who may be cancelled: process ids and secret keys of the connections of one server. */
export class BackendKeys {
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;

  register(secretKeyBytes: number, cancel: () => void): { processId: number; secretKey: Buffer } {
    do this.#lastId = (this.#lastId % MAX_PROCESS_ID) + 1;
    while (this.#entries.has(this.#lastId));
    const secretKey = randomBytes(secretKeyBytes);
    this.#entries.set(this.#lastId, { secretKey, cancel });
    return { processId: this.#lastId, secretKey };
  }

  remove(processId: number): void {
    this.#entries.delete(processId);
  }

  /** Says nothing to the asker either way, as PostgreSQL does. */
  cancel({ processId, secretKey }: CancelRequest): boolean {
    const entry = this.#entries.get(processId);
    if (entry?.secretKey.length !== secretKey.length) return false;
    if (!timingSafeEqual(entry.secretKey, secretKey)) return false;
    entry.cancel();
    return true;
  }
}
