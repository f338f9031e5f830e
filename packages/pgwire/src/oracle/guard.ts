import { PgError, notSupported } from '../pg-error.js';
import { clockEdits } from './clock.js';
import { mayUseRenamedColumns, renamedColumnEdits } from './compatibility.js';
import type { Edit } from './edited-text.js';
import { longVectorEdits, mayHoldLongVectors } from './long-literals.js';
import { asNode, isRecord, parseStatements, walk, type SyntaxNode } from './syntax.js';

export interface GuardedStatement {
  readonly edits: readonly Edit[];
  /** `false`: PostgreSQL's parser refuses the text, so it may be described (for PostgreSQL's own error), never run. */
  readonly runnable: boolean;
  /** The tag to report, when the statement had to be replaced by one of another kind. */
  readonly commandTag?: string;
  /** It calls set_config, whose effect the session has to repeat. */
  readonly changesSettings?: boolean;
}

/** Kept by PostgreSQL in the program itself, so that SHOW would tell PGlite's own. */
const ANNOUNCED_SETTINGS = new Set(['server_version', 'server_version_num']);

function tryParse(sql: string): SyntaxNode[] | undefined {
  try {
    return parseStatements(sql);
  } catch {
    return undefined;
  }
}

/** A NUL would end the text early in PostgreSQL's protocol. */
function refuseNul(sql: string): void {
  if (sql.includes('\0')) {
    throw new PgError({ sqlstate: '22021', message: 'invalid byte sequence for encoding "UTF8": 0x00' });
  }
}

/** Describing executes nothing, so every kind of statement may be described. */
export function guardDescribe(sql: string): GuardedStatement {
  refuseNul(sql);
  const renamed = mayUseRenamedColumns(sql);
  const vectors = mayHoldLongVectors(sql);
  if (!renamed && !vectors) return { edits: [], runnable: false };
  const tree = tryParse(sql);
  if (tree === undefined) return { edits: [], runnable: false };
  const nodes = tree.map(({ kind, fields }) => ({ [kind]: fields }));
  const edits = [
    ...(renamed ? renamedColumnEdits(sql, nodes) : []),
    ...(vectors ? longVectorEdits(sql, nodes) : []),
  ];
  return { edits: edits.sort((a, b) => a.start - b.start), runnable: false };
}

/** @throws PgError 0A000 when the statement does more than read */
export function guardRun(sql: string): GuardedStatement {
  refuseNul(sql);
  const tree = tryParse(sql);
  const statement = tree?.[0];
  if (tree === undefined || statement === undefined || tree.length > 1) return { edits: [], runnable: false };
  const { kind, fields } = statement;
  if (kind === 'VariableShowStmt') return guardShow(sql, fields.name);
  const query = kind === 'ExplainStmt' ? asNode(fields.query)?.kind : kind;
  if (query !== 'SelectStmt') {
    throw notSupported(`${kind} on the catalog`, { hint: 'Only queries read the catalog.' });
  }
  const edits = [
    ...(mayUseRenamedColumns(sql) ? renamedColumnEdits(sql, { [kind]: fields }) : []),
    ...clockEdits(sql, { [kind]: fields }),
  ].sort((a, b) => a.start - b.start);
  return { edits, runnable: true, changesSettings: callsSetConfig({ [kind]: fields }) };
}

function callsSetConfig(tree: unknown): boolean {
  let found = false;
  walk(tree, (node) => {
    const name: unknown =
      node.kind === 'FuncCall' && Array.isArray(node.fields.funcname)
        ? node.fields.funcname.at(-1)
        : undefined;
    if (isRecord(name) && isRecord(name.String) && name.String.sval === 'set_config') found = true;
  });
  return found;
}

function guardShow(sql: string, name: unknown): GuardedStatement {
  if (typeof name !== 'string' || !ANNOUNCED_SETTINGS.has(name.toLowerCase()))
    return { edits: [], runnable: true };
  const setting = name.toLowerCase();
  const text = `select pg_catalog.current_setting('${setting}') as ${setting}`;
  return { edits: [{ start: 0, end: sql.length, text }], runnable: true, commandTag: 'SHOW' };
}
