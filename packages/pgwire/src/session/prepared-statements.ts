import { PgError } from '../pg-error.js';
import { parseStatements } from '../statement/parse-statements.js';
import type { Statement } from '../statement/statement.js';
import type { Client, PreparedStatement } from './client.js';
import type { InnerStatements } from './commands/command.js';

/** @throws PgError 26000 */
export function findPrepared(client: Client, name: string): PreparedStatement {
  const prepared = client.statements.get(name);
  if (prepared !== undefined) return prepared;
  const message =
    name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${name}" does not exist`;
  throw new PgError({ sqlstate: '26000', message });
}

/**
 * The statement as the catalog is now.
 * @throws PgError 0A000 when its result would have other types than those that the client was told
 */
export async function freshStatement(
  client: Client,
  prepared: PreparedStatement,
  compile: InnerStatements['compile'],
): Promise<Statement> {
  const { statement, catalogVersion } = prepared;
  const { version } = client.services.mirror.catalog;
  if (version === catalogVersion || (statement.kind !== 'iris' && statement.kind !== 'oracle'))
    return statement;
  const [parsed] = parseStatements(statement.sql);
  if (parsed === undefined) return statement;
  const fresh = await compile(client, parsed, prepared.givenOids);
  if (rowShape(fresh) !== rowShape(statement)) {
    throw new PgError({ sqlstate: '0A000', message: 'cached plan must not change result type' });
  }
  client.statements.set(prepared.name, { ...prepared, statement: fresh, catalogVersion: version });
  return fresh;
}

function rowShape({ description }: Statement): string {
  return JSON.stringify(description.fields?.map((field) => [field.name, field.typeOid, field.typeModifier]));
}
