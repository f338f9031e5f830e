/** OIDs of the PostgreSQL types that the engine binds. */
export const PG_TEXT = 25;
export const PG_BYTEA = 17;

const INITIAL_BYTES = 1024;

/**
 * Frontend messages of the PostgreSQL protocol 3.0 that the engine sends to its storage, in one growing buffer.
 * Values are always bound and returned in text format. See "Message Formats" in the PostgreSQL documentation.
 */
export class PgWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  parse(name: string, sql: string, parameterTypes: readonly number[]): this {
    return this.#message('P', () => {
      this.#string(name);
      this.#string(sql);
      this.#int16(parameterTypes.length);
      for (const type of parameterTypes) this.#int32(type);
    });
  }

  bind(statement: string, parameters: readonly (string | null)[]): this {
    return this.#message('B', () => {
      this.#string('');
      this.#string(statement);
      this.#int16(0);
      this.#int16(parameters.length);
      for (const parameter of parameters) this.#value(parameter);
      this.#int16(0);
    });
  }

  /** @param maxRows 0: all rows */
  execute(maxRows: number): this {
    return this.#message('E', () => {
      this.#string('');
      this.#int32(maxRows);
    });
  }

  closeStatement(name: string): this {
    return this.#message('C', () => {
      this.#ensure(1);
      this.#buffer[this.#length++] = 'S'.charCodeAt(0);
      this.#string(name);
    });
  }

  query(sql: string): this {
    return this.#message('Q', () => {
      this.#string(sql);
    });
  }

  sync(): this {
    return this.#message('S', () => undefined);
  }

  flush(): this {
    return this.#message('H', () => undefined);
  }

  /** The bytes in memory of their own, so that they can be transferred to another thread. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    bytes.set(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }

  #message(type: string, body: () => void): this {
    this.#ensure(5);
    this.#buffer[this.#length] = type.charCodeAt(0);
    const lengthAt = this.#length + 1;
    this.#length += 5;
    body();
    this.#buffer.writeInt32BE(this.#length - lengthAt, lengthAt);
    return this;
  }

  #value(value: string | null): void {
    if (value === null) {
      this.#int32(-1);
      return;
    }
    const bytes = Buffer.byteLength(value);
    this.#int32(bytes);
    this.#ensure(bytes);
    this.#length += this.#buffer.write(value, this.#length);
  }

  #string(value: string): void {
    this.#ensure(Buffer.byteLength(value) + 1);
    this.#length += this.#buffer.write(value, this.#length);
    this.#buffer[this.#length++] = 0;
  }

  #int16(value: number): void {
    this.#ensure(2);
    this.#length = this.#buffer.writeUInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#ensure(4);
    this.#length = this.#buffer.writeInt32BE(value, this.#length);
  }

  #ensure(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
