import type { Node } from '@pgsql/types';
import { as, strings } from '../../sql/ast.js';
import type { FieldDescription } from '../../oracle/oracle.js';
import { notSupported, PgError } from '../../pg-error.js';
import { warn } from '../client.js';
import { completed, rowsOf } from '../execution.js';
import { queryText } from '../query-text.js';
import { canonicalSettingName, quoteIdentifier } from '../settings.js';
import { assignSetting, ownValue, showSetting } from './assign-setting.js';
import type { Command, CommandRun } from './command.js';
import { setTransactionModes } from './transaction-command.js';

/** Lists of names, which are kept quoted where they need it (GUC_LIST_QUOTE). */
const NAME_LISTS: ReadonlySet<string> = new Set(['search_path', 'temp_tablespaces']);
/** Lists that are kept as they are written (GUC_LIST_INPUT). */
const PLAIN_LISTS: ReadonlySet<string> = new Set([
  'DateStyle',
  'wal_consistency_checking',
  'createrole_self_grant',
]);

/** SET, RESET and their relatives. */
export const variableSetCommand: Command<'VariableSetStmt'> = {
  async run(run) {
    const { client, contents } = run;
    const name = contents.name ?? '';
    const scope = contents.is_local === true ? 'local' : 'session';
    switch (contents.kind) {
      case 'VAR_SET_VALUE':
        await assignSetting(client, name, settingText(name, contents.args ?? []), scope);
        return completed('SET');
      case 'VAR_SET_CURRENT':
        await assignSetting(client, name, await showSetting(client, name), scope);
        return completed('SET');
      case 'VAR_SET_DEFAULT':
      case 'VAR_RESET':
        await showSetting(client, name);
        client.settings.reset(name, scope);
        return completed(contents.kind === 'VAR_RESET' ? 'RESET' : 'SET');
      case 'VAR_RESET_ALL':
        client.settings.resetAll();
        return completed('RESET');
      default:
        await setMultiple(run, name);
        return completed('SET');
    }
  },
};

async function setMultiple({ client, contents }: CommandRun<'VariableSetStmt'>, name: string): Promise<void> {
  if (name === 'TRANSACTION') {
    if (!client.transaction.open) {
      warn(client, '25P01', 'SET TRANSACTION can only be used in transaction blocks');
      return;
    }
    await setTransactionModes(client, contents.args ?? []);
  } else if (name === 'SESSION CHARACTERISTICS') {
    await setTransactionModes(client, contents.args ?? [], 'default_');
  } else throw notSupported(`SET ${name}`);
}

/** As PostgreSQL's flatten_set_variable_args. */
function settingText(name: string, args: readonly Node[]): string {
  const key = canonicalSettingName(name);
  if (args.length > 1 && !NAME_LISTS.has(key) && !PLAIN_LISTS.has(key)) {
    throw new PgError({ sqlstate: '22023', message: `SET ${name} takes only one argument` });
  }
  return args.map((arg) => constantText(key, arg)).join(', ');
}

function constantText(key: string, arg: Node): string {
  const constant = as(arg, 'A_Const');
  if (constant === undefined) throw notSupported(`SET ${key} with a value that is not a constant`);
  if (constant.ival !== undefined) return String(constant.ival.ival ?? 0);
  if (constant.fval !== undefined) return constant.fval.fval ?? '';
  const text = constant.sval?.sval ?? '';
  return NAME_LISTS.has(key) ? quoteIdentifier(text) : text;
}

const TEXT_FIELD = { tableOid: 0, columnAttribute: 0, typeOid: 25, typeSize: -1, typeModifier: -1 };

/** A column of type text that belongs to no table. */
export function textField(name: string): FieldDescription {
  return { name, ...TEXT_FIELD };
}

/** SHOW name, SHOW ALL. */
export const variableShowCommand: Command<'VariableShowStmt'> = {
  describe(_client, contents) {
    const name = contents.name ?? '';
    const names = name === 'all' ? ['name', 'setting', 'description'] : [canonicalSettingName(name)];
    return Promise.resolve({ parameterOids: [], fields: names.map(textField) });
  },
  async run({ client, contents }) {
    const name = contents.name ?? '';
    if (name !== 'all') {
      const value = await showSetting(client, name);
      return rowsOf([[Buffer.from(value)]], () => 'SHOW');
    }
    const rows = await queryText(client, 'SHOW ALL', []);
    const shown = rows.map(([setting, value, description]) => [
      setting ?? '',
      ownValue(client, setting ?? '') ?? value ?? '',
      description ?? '',
    ]);
    return rowsOf(
      shown.map((row) => row.map((text) => Buffer.from(text))),
      () => 'SHOW',
    );
  },
};

/** No constraint of IRIS can be deferred, so ALL has nothing to change, and a named one cannot be changed. */
export const constraintsSetCommand: Command<'ConstraintsSetStmt'> = {
  run({ contents }) {
    const [first] = contents.constraints ?? [];
    if (first === undefined) return Promise.resolve(completed('SET CONSTRAINTS'));
    const constraint = as(first, 'RangeVar')?.relname ?? strings([first])[0] ?? '';
    throw new PgError({ sqlstate: '42809', message: `constraint "${constraint}" is not deferrable` });
  },
};
