// Runs before the package is packed: puts a prepared empty database into it, so that nobody waits for one to be made.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createSqlEngine } from '../dist/engine/create-engine.js';

const target = path.join(import.meta.dirname, '..', 'dist', 'start-image');
const fresh = `${target}.new`;
rmSync(target, { recursive: true, force: true });
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const engine = await createSqlEngine({ cacheDir: fresh });
await engine.close();
if (readdirSync(fresh).length !== 1) throw new Error('The engine left no start image; its log says why.');
renameSync(fresh, target);
