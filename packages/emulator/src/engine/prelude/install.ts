import { createHash } from 'node:crypto';
import { FUNCTION_PRELUDE } from '../../functions/prelude.js';
import type { Storage } from '../storage/storage.js';
import { OPERATOR_FUNCTIONS, VALUE_FUNCTIONS } from './operators.js';
import { SYSTEM_TABLES, UNDO_FUNCTIONS } from './system.js';
import { VALIDATION_FUNCTIONS } from './validation.js';

/** Groups in the order of their dependencies. */
export const PRELUDE: readonly string[] = [
  SYSTEM_TABLES,
  UNDO_FUNCTIONS,
  OPERATOR_FUNCTIONS,
  VALUE_FUNCTIONS,
  VALIDATION_FUNCTIONS,
  FUNCTION_PRELUDE,
];

const VERSION = 'prelude';

export const preludeHash = (): string => createHash('sha256').update(PRELUDE.join('\n')).digest('hex');

/** Creates or renews the functions of the engine when they are not those of this version. */
export async function installPrelude(storage: Storage): Promise<void> {
  const hash = preludeHash();
  if ((await installedHash(storage)) === hash) return;
  for (const group of PRELUDE) await storage.script(group);
  await storage.run([
    {
      sql: `INSERT INTO iris_sys.settings (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      parameters: [VERSION, hash],
    },
  ]);
}

async function installedHash(storage: Storage): Promise<string | null | undefined> {
  const [exists] = await storage.run([{ sql: `SELECT to_regclass('iris_sys.settings')` }]);
  if (exists?.rows[0]?.[0] == null) return undefined;
  const [result] = await storage.run([
    { sql: 'SELECT value FROM iris_sys.settings WHERE name = $1', parameters: [VERSION] },
  ]);
  return result?.rows[0]?.[0];
}
