import { sqlError } from '@iris-devtools/core';
import type { TableFunction } from '../sql/ast.js';
import { derived } from './from.js';
import type { FromItem } from './from.js';
import { inlineQuery } from './inline-routine.js';
import type { Frame } from './scope.js';

/** A class query in FROM. @throws IrisError -30 unknown, -149 known but not to be run here */
export function compileTableFunction(reference: TableFunction, frame: Frame): FromItem {
  const { context } = frame;
  const schema = reference.name.schema?.name ?? context.defaultSchema;
  const routine = context.catalog.routine(context.session.namespace, schema, reference.name.name.name);
  const full = `${schema}.${reference.name.name.name}`.toUpperCase();
  if (routine === undefined) throw sqlError(-30, ` Table '${full}' not found`);
  if (routine.language === 'SQL') {
    const query = inlineQuery(routine, reference.arguments, frame);
    const label = reference.alias?.name ?? reference.name.name.name;
    return derived(`(${query.sql})`, query.columns, label, context.alias('a'));
  }
  throw sqlError(
    -149,
    ` Table-valued function ${full} is written in ${routine.language}, which the emulator does not run`,
  );
}
