/** Building blocks of the statements that answer catalog requests, over INFORMATION_SCHEMA. */

export interface CatalogQuery {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/** A column without a value, as wide as a name. */
export const nothing = (name: string): string => `CAST(NULL AS VARCHAR(128)) AS ${name}`;

/** Conditions of a WHERE clause with their parameters. */
export class Conditions {
  readonly #texts: string[];
  readonly #parameters: string[] = [];

  constructor(...texts: readonly string[]) {
    this.#texts = [...texts];
  }

  /** Letter case does not matter, as in names everywhere. */
  like(column: string, pattern: string): this {
    if (pattern === '%') return this;
    this.#texts.push(`%SQLUPPER(${column}) LIKE %SQLUPPER(?) ESCAPE '\\'`);
    this.#parameters.push(pattern);
    return this;
  }

  /** A name that is no pattern; `%` stands for any, because clients send it for "not given". */
  equals(column: string, name: string): this {
    if (name === '%') return this;
    this.#texts.push(`%SQLUPPER(${column}) = %SQLUPPER(?)`);
    this.#parameters.push(name);
    return this;
  }

  oneOf(expression: string, values: readonly string[]): this {
    this.#texts.push(`${expression} IN (${values.map(() => '?').join(', ')})`);
    this.#parameters.push(...values);
    return this;
  }

  query(select: string, orderBy: string): CatalogQuery {
    const where = this.#texts.length === 0 ? '' : ` WHERE ${this.#texts.join(' AND ')}`;
    return { sql: `${select}${where} ORDER BY ${orderBy}`, parameters: this.#parameters };
  }
}
