import type { Client, FieldDef } from 'pg';
import type { Comparison } from './queries.js';

/** What two servers must agree on: names, type OIDs and the text of every value, in order. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly typeOid: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Through the wire, with every value left as the text that the server sent. */
export async function answerOf(client: Client, { sql, parameters = [] }: Comparison): Promise<Answer> {
  const result = await client.query<(string | null)[]>({
    text: sql,
    values: [...parameters],
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  });
  return {
    columns: result.fields.map(({ name, dataTypeID }: FieldDef) => ({ name, typeOid: dataTypeID })),
    rows: result.rows,
  };
}
