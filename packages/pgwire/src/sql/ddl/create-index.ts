import type { DefElem, IndexElem, IndexStmt, Node } from '@pgsql/types';
import { as, lastName } from '../ast.js';
import type { Env } from '../context.js';
import { identifier, join, raw, sql, type Sql } from '../fragment.js';
import type { MirrorColumn, MirrorTable, Plan } from '../plan.js';
import { findTable, tableName } from '../query/from.js';
import { generatedName } from './constraint.js';
import { ddlPlan } from './ddl-plan.js';
import { newName } from './names.js';

/** IRIS: the table has an index of that name. */
const INDEX_EXISTS = -324;

/** Ordinary indexes, and HNSW indexes of vectors. */
export function translateCreateIndex(node: IndexStmt, env: Env): Plan {
  const range = node.relation;
  if (range === undefined) throw env.refuse('CREATE INDEX without a table');
  refuseOptions(node, env);
  const table = findTable(range, env);
  const elements = (node.indexParams ?? []).map((each) => elementOf(each, table, env));
  const method = node.accessMethod ?? 'btree';
  const name = newName(
    node.idxname ?? generatedName([table.pgName, ...elements.map(({ column }) => column.pgName)], 'idx'),
    env,
    range.location,
  );
  const columns = join(elements.map(({ column }) => identifier(column.irisName)));
  const unique = raw(node.unique === true ? 'UNIQUE ' : '');
  const statement = sql`CREATE ${unique}INDEX ${name} ON TABLE ${tableName(table)} (${columns})${indexKind(method, elements, node, env)}`;
  const ignore = node.if_not_exists === true ? { ignore: [INDEX_EXISTS] } : {};
  return ddlPlan('CREATE INDEX', [{ sql: statement, ...ignore }], env);
}

function refuseOptions(node: IndexStmt, env: Env): void {
  const where = node.relation?.location;
  if (node.whereClause !== undefined) throw env.refuse('a partial index', node.whereClause);
  if (node.nulls_not_distinct === true) throw env.refuse('NULLS NOT DISTINCT', where);
  if ((node.indexIncludingParams ?? []).length > 0) throw env.refuse('INCLUDE in an index', where);
  if (node.tableSpace !== undefined) throw env.refuse('TABLESPACE', where);
}

interface IndexedColumn {
  readonly column: MirrorColumn;
  readonly operatorClass: string | undefined;
}

function elementOf(node: Node, table: MirrorTable, env: Env): IndexedColumn {
  const element: IndexElem | undefined = as(node, 'IndexElem');
  if (element?.name === undefined) throw env.refuse('an index over an expression', element?.expr ?? node);
  const column = table.columns.find((each) => each.pgName === element.name);
  if (column === undefined) throw env.context.error('42703', `column "${element.name}" does not exist`);
  const collation = element.collation === undefined ? 'C' : lastName(element.collation);
  if (collation !== 'C' && collation !== 'POSIX') throw env.refuse(`COLLATE "${collation}"`);
  const operatorClass = element.opclass === undefined ? undefined : lastName(element.opclass);
  return { column, operatorClass };
}

function indexKind(method: string, elements: readonly IndexedColumn[], node: IndexStmt, env: Env): Sql {
  if (method === 'hnsw') return hnsw(elements, node, env);
  const where = node.relation?.location;
  if (method !== 'btree' && method !== 'hash') {
    throw env.refuse(`an index of type ${method}`, where, 'IRIS offers btree and hnsw.');
  }
  if ((node.options ?? []).length > 0) throw env.refuse('storage options of an index', where);
  const special = elements.find(
    ({ operatorClass }) => operatorClass !== undefined && !/_pattern_ops$/.test(operatorClass),
  );
  if (special !== undefined) throw env.refuse(`operator class ${special.operatorClass ?? ''}`, where);
  return raw('');
}

const DISTANCES: Readonly<Record<string, string | undefined>> = {
  vector_cosine_ops: 'Cosine',
  vector_ip_ops: 'DotProduct',
};

const PARAMETERS: Readonly<Record<string, string | undefined>> = {
  m: 'M',
  ef_construction: 'efConstruction',
};

/** `AS HNSW(Distance='Cosine', M=16, efConstruction=64)`. IRIS has no index for the Euclidean distance. */
function hnsw(elements: readonly IndexedColumn[], node: IndexStmt, env: Env): Sql {
  const [element, ...others] = elements;
  const where = node.relation?.location;
  if (element === undefined || others.length > 0)
    throw env.refuse('an hnsw index over several columns', where);
  const operatorClass = element.operatorClass ?? 'vector_l2_ops';
  const distance = DISTANCES[operatorClass];
  if (distance === undefined) {
    throw env.refuse(`an hnsw index with ${operatorClass}`, where, 'Use vector_cosine_ops or vector_ip_ops.');
  }
  const options = (node.options ?? []).map((each) => hnswOption(as(each, 'DefElem'), env));
  return sql` AS HNSW(${join([raw(`Distance='${distance}'`), ...options])})`;
}

function hnswOption(option: DefElem | undefined, env: Env): Sql {
  const name = PARAMETERS[option?.defname ?? ''];
  const number = as(option?.arg, 'Integer')?.ival;
  if (name === undefined || number === undefined) {
    throw env.refuse(`the hnsw option ${option?.defname ?? ''}`, option?.location);
  }
  return raw(`${name}=${number}`);
}
