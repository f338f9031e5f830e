import { sqlError } from '@iris-devtools/core';
import type { TableDef } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import type { SessionState } from './session-state.js';

const CODES = {
  INSERT: { BEFORE: -130, AFTER: -131 },
  UPDATE: { BEFORE: -132, AFTER: -133 },
  DELETE: { BEFORE: -134, AFTER: -135 },
} as const;

/**
 * A change that would have to fire a trigger fails: trigger bodies do not run here, and leaving them out would be a
 * success for work not done. %NOTRIGGER says that they are not wanted.
 *
 * @throws IrisError -130 .. -135
 */
export function refuseTriggers(
  table: TableDef,
  event: keyof typeof CODES,
  keywords: readonly string[],
  session: SessionState,
): void {
  if (keywords.includes('%NOTRIGGER')) return;
  const trigger = session.core.catalog
    .triggers(session.namespace)
    .find((candidate) => candidate.tableId === table.id && candidate.events.includes(event));
  if (trigger === undefined) return;
  const code = CODES[event][trigger.time === 'BEFORE' ? 'BEFORE' : 'AFTER'];
  throw sqlError(code, ` Trigger '${trigger.name}' of '${displayName(table)}' does not run in the emulator`, {
    hint: 'Use %NOTRIGGER, or test this statement against IRIS itself.',
  });
}
