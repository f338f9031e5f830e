import type { Client } from './client.js';

const TEXT_OID = 25;

/** A query of our own for the oracle: text in, text out. */
export async function queryText(
  client: Client,
  sql: string,
  parameters: readonly string[],
): Promise<(string | null)[][]> {
  const { rows } = await client.services.oracle.run({
    sql,
    parameterOids: parameters.map(() => TEXT_OID),
    settings: client.settings.effective,
    user: client.user,
    database: client.database,
    parameters: parameters.map((text) => Buffer.from(text)),
    parameterFormats: [],
    resultFormats: [],
  });
  return rows.map((row) => row.map((value) => (value === null ? null : Buffer.from(value).toString('utf8'))));
}
