import type { MessageKind, RequestOf } from '@iris-devtools/protocol';
import type { ClientSession } from '../client-session.js';
import type { Exchange } from '../exchange.js';
import type { Handler, Handlers } from '../handler.js';
import { plainLayout } from '../row-page.js';
import { sendPage, wireColumns } from '../statement-handlers.js';
import type { CatalogQuery } from './catalog-sql.js';
import { crossReference, exportedKeys, importedKeys, indexes, primaryKeys } from './key-queries.js';
import { bestRowId, columns, schemas, tables, versionColumns } from './relation-queries.js';
import { functionColumns, functions, procedureColumns, procedures } from './routine-queries.js';
import { namespaces, tableTypes, types } from './type-queries.js';

/** Requests whose reply is a description of columns and a page of rows. */
type CatalogKind = Extract<MessageKind, `Catalog${string}`>;

/**
 * What JDBC's DatabaseMetaData asks, answered from INFORMATION_SCHEMA with the columns that JDBC wants.
 * unverified on a live server: that IRIS gives these columns, and values beyond those of JDBC's own definition.
 */
export const catalogHandlers: Handlers = {
  CatalogTables: answer(tables),
  CatalogColumns: answer(columns),
  CatalogPrimaryKeys: answer(primaryKeys),
  CatalogImportedKeys: answer(importedKeys),
  CatalogExportedKeys: answer(exportedKeys),
  CatalogCrossReference: answer(crossReference),
  CatalogIndexes: answer(indexes),
  CatalogTypes: answer(types),
  CatalogSchemas: answer(schemas),
  CatalogNamespaces: answer(namespaces),
  CatalogTableTypes: answer(tableTypes),
  CatalogBestRowId: answer(bestRowId),
  CatalogVersionColumns: answer(versionColumns),
  CatalogProcedures: answer(procedures),
  CatalogProcedureColumns: answer(procedureColumns),
  CatalogFunctions: answer(functions),
  CatalogFunctionColumns: answer(functionColumns),
};

function answer<K extends CatalogKind>(queryFor: (request: RequestOf<K>) => CatalogQuery): Handler<K> {
  return (session, request, exchange) => send(session, exchange, queryFor(request));
}

async function send(
  session: ClientSession,
  exchange: Exchange,
  { sql, parameters }: CatalogQuery,
): Promise<void> {
  const prepared = await session.process.sql.prepare(sql);
  // The JDBC driver (3.10.3) reads no rows of fast select here.
  const layout = plainLayout(prepared.columns);
  const values = parameters.map((value) => ({ kind: 'string', value }) as const);
  const { rows } = await session.process.execute(prepared, values);
  exchange.reply('CatalogTables', { feature: layout.feature, columns: wireColumns(layout) });
  sendPage(session, exchange, layout, rows);
}
