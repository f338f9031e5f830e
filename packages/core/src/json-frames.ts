import { IrisError } from './errors.js';

/**
 * JSON messages with a 32-bit little-endian length in front: how this family talks to processes of other languages over
 * pipes and sockets. Both ends use the same form.
 */

/** A message longer than this is an error, on both sides. */
export const MAX_JSON_FRAME_BYTES = 64 * 1024 * 1024;

const LENGTH_BYTES = 4;

/** @throws IrisError `IRIS_LIMIT` for a message that no peer would take */
export function encodeJsonFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > MAX_JSON_FRAME_BYTES) {
    throw new IrisError(`A message of ${body.length} bytes is too long`, {
      code: 'IRIS_LIMIT',
      hint: `At most ${MAX_JSON_FRAME_BYTES} bytes are sent at once; send the value in parts.`,
    });
  }
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, LENGTH_BYTES);
  return frame;
}

/** Takes bytes as they arrive and gives whole messages. After nonsense nothing that follows counts. */
export class JsonFrameReader {
  readonly #onMessage: (message: unknown) => void;
  readonly #onNonsense: () => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #broken = false;

  /** @param onNonsense told once when the peer sent a length beyond the limit or something that is no JSON */
  constructor(onMessage: (message: unknown) => void, onNonsense: () => void) {
    this.#onMessage = onMessage;
    this.#onNonsense = onNonsense;
  }

  push(chunk: Buffer): void {
    if (this.#broken) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    // Once broken there is no length.
    for (let length = this.#frameLength(); length !== undefined; length = this.#frameLength()) {
      if (this.#bytes < LENGTH_BYTES + length) return;
      const message = parse(this.#take(LENGTH_BYTES + length).subarray(LENGTH_BYTES));
      if (message === undefined) this.#break();
      else this.#onMessage(message.value);
    }
  }

  #frameLength(): number | undefined {
    if (this.#broken || this.#bytes < LENGTH_BYTES) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < LENGTH_BYTES) this.#join();
    const length = this.#chunks[0]?.readUInt32LE(0) ?? 0;
    if (length <= MAX_JSON_FRAME_BYTES) return length;
    this.#break();
    return undefined;
  }

  #take(count: number): Buffer {
    this.#join();
    const [all = Buffer.alloc(0)] = this.#chunks;
    this.#chunks = [all.subarray(count)];
    this.#bytes -= count;
    return all.subarray(0, count);
  }

  /** Only when a whole message is there, so that a long one is copied once and not once a chunk. */
  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }

  #break(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#chunks = [];
    this.#bytes = 0;
    this.#onNonsense();
  }
}

function parse(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    return undefined;
  }
}
