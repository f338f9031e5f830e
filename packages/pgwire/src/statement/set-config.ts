import type { Node } from '@pgsql/types';
import { referencesOf } from './references.js';
import type { SetConfig, SetConfigArgument, SetConfigCall } from './statement.js';
import { replaceCalls } from './token-slices.js';

/**
 * Settings are the session's and not the oracle's, so the session does what set_config asks for, and the oracle only
 * tells the value afterwards. That is exact for calls in the select list whose arguments are constants or parameters.
 */
export function readSetConfig(sql: string, node: Node): SetConfig | 'reported' | undefined {
  const all = referencesOf(node).functions.filter(({ name }) => name === 'set_config');
  if (all.length === 0) return undefined;
  const targets = 'SelectStmt' in node ? (node.SelectStmt.targetList ?? []) : [];
  const calls = targets.flatMap((target) => {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const call = value !== undefined && 'FuncCall' in value ? readCall(value.FuncCall) : undefined;
    return call === undefined ? [] : [call];
  });
  if (calls.length === all.length) {
    const locations = all.map(({ location }) => location);
    return { calls, readingSql: replaceCalls(sql, locations, 'pg_catalog.current_setting', ', true') };
  }
  // Computed arguments, or calls outside the select list: the oracle tells afterwards what they did.
  return 'reported';
}

function readCall({ funcname, args }: { funcname?: Node[]; args?: Node[] }): SetConfigCall | undefined {
  const last = funcname?.at(-1);
  if (last === undefined || !('String' in last) || last.String.sval !== 'set_config') return undefined;
  const [name, value, isLocal, ...rest] = (args ?? []).map(readArgument);
  if (name === undefined || value === undefined || isLocal === undefined || rest.length > 0) return undefined;
  return { name, value, isLocal };
}

function readArgument(node: Node): SetConfigArgument | undefined {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return readArgument(node.TypeCast.arg);
  if ('ParamRef' in node && node.ParamRef.number !== undefined) return { parameter: node.ParamRef.number };
  if (!('A_Const' in node)) return undefined;
  const { isnull, sval, ival, fval, boolval } = node.A_Const;
  if (isnull === true) return { constant: null };
  if (sval !== undefined) return { constant: sval.sval ?? '' };
  if (ival !== undefined) return { constant: String(ival.ival ?? 0) };
  if (fval !== undefined) return { constant: fval.fval ?? '' };
  if (boolval !== undefined) return { constant: boolval.boolval === true ? 't' : 'f' };
  return undefined;
}
