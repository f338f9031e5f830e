import { sqlError } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { Relation, TableDef } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import type { QualifiedName } from '../sql/ast.js';
import { factsOf } from './run-compiled.js';
import type { SessionState } from './session-state.js';

/** @throws IrisError -30 */
export function relationNamed(name: QualifiedName, session: SessionState): Relation {
  const context = new CompileContext({
    catalog: session.core.catalog,
    session: factsOf(session),
    parameterCount: 0,
    kinds: [],
  });
  return context.relation(name);
}

/** @throws IrisError -30, also for a view */
export function tableNamed(name: QualifiedName, session: SessionState): TableDef {
  const relation = relationNamed(name, session);
  if (relation.kind !== 'table') throw sqlError(-30, ` Table '${displayName(relation)}' is a view`);
  return relation;
}
