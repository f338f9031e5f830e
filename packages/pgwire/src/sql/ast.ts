import type { Node } from '@pgsql/types';

type KeyOf<Union> = Union extends unknown ? keyof Union : never;

/** `SelectStmt`, `FuncCall`, ...: the one key of a node as libpg-query gives it. */
export type NodeKind = KeyOf<Node>;
/** The contents of a node of one kind. */
export type NodeOf<Kind extends NodeKind> =
  Extract<Node, Record<Kind, unknown>> extends infer One
    ? One extends Record<Kind, infer Contents>
      ? Contents
      : never
    : never;

export function kindOf(node: Node): NodeKind {
  const [kind] = Object.keys(node);
  return kind as NodeKind;
}

/** The contents when the node is of this kind. */
export function as<Kind extends NodeKind>(node: Node | undefined, kind: Kind): NodeOf<Kind> | undefined {
  return node !== undefined && kind in node ? (node as Record<Kind, NodeOf<Kind>>)[kind] : undefined;
}

/** Texts of a list of `String` nodes: a qualified name, a column list. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => as(node, 'String')?.sval ?? '');
}

/** The last part of a qualified name. */
export function lastName(nodes: readonly Node[] | undefined): string {
  return strings(nodes).at(-1) ?? '';
}

/** Items of a `List` node, or of a list given as an array of nodes. */
export function listItems(node: Node | undefined): readonly Node[] {
  return as(node, 'List')?.items ?? [];
}

/**
 * Where a node starts in the text, in bytes of UTF-8: its own location, else the first one inside it.
 * libpg-query leaves out a location of 0 and writes -1 for "unknown"; many nodes have the location of their operator.
 */
export function locationOf(node: Node): number | undefined {
  return firstLocation(Object.values(node)[0]);
}

function firstLocation(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const own = (value as { location?: unknown }).location;
  if (typeof own === 'number' && own >= 0) return own;
  const inner = Object.values(value).flatMap((each) => firstLocation(each) ?? []);
  return inner.length === 0 ? undefined : Math.min(...inner);
}
