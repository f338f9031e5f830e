import type { Client } from './client.js';

/**
 * Ends the transaction, and with it every portal and every cursor that is not to be held.
 * @returns false when a failed block made a COMMIT roll back
 */
export async function endTransaction(client: Client, how: 'commit' | 'rollback'): Promise<boolean> {
  const { transaction, cursors } = client;
  const commits = how === 'commit' && !transaction.failed;
  await closePortals(client);
  for (const cursor of [...cursors.values()]) {
    if (cursor.held) continue;
    if (commits && cursor.hold) {
      await cursor.materialise();
      cursor.held = true;
    } else {
      cursors.delete(cursor.name);
      await cursor.close();
    }
  }
  if (commits) await transaction.commit();
  else await transaction.rollback();
  await readCatalogAgain(client, !commits);
  return commits;
}

/** Portals end with their transaction. */
export async function closePortals(client: Client): Promise<void> {
  const portals = [...client.portals.values()];
  client.portals.clear();
  for (const portal of portals) await portal.execution?.close();
}

/** DDL that was rolled back must leave the shadow tables, too. */
async function readCatalogAgain(client: Client, rolledBack: boolean): Promise<void> {
  const touched = client.catalogTouched;
  client.catalogTouched = false;
  if (!touched || !rolledBack) return;
  const session = await client.services.source.acquire();
  try {
    await client.services.mirror.refresh(session);
  } finally {
    await session.close();
  }
}
