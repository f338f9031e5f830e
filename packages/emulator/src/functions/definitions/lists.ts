import type { IrisType } from '../../sql/types.js';
import type { FunctionDefinition } from '../registry-types.js';
import { define, isNumber, LIST, SMALLINT, textOf, typeAt, VARCHAR } from './define.js';

/** One element: numbers keep their own encoding, so that `$LISTBUILD(1)` and `$LISTBUILD('1')` differ as on IRIS. */
function item(arg: string, type: IrisType): string {
  if (isNumber(type) || type.name === 'DATE' || type.name === 'TIME')
    return `iris.list_number_item((${arg})::numeric)`;
  if (type.name === 'LIST' || type.name === 'VARBINARY')
    return `coalesce(iris.list_item(1, ${arg}), '\\x01'::bytea)`;
  return `iris.list_text_item(${textOf(arg, type)})`;
}

export const LIST_DEFINITIONS: readonly FunctionDefinition[] = [
  define('$LISTBUILD', [0, Infinity], ['any'], LIST, (args, context) => {
    if (args.length === 0) return `'\\x01'::bytea`;
    return args.map((arg, index) => item(arg, typeAt(context, index))).join(' || ');
  }),
  define(
    '$LIST',
    [1, 3],
    ['list', 'integer'],
    (types) => (types.length === 3 ? LIST : VARCHAR),
    ([list = '', at = '1', end]) =>
      end === undefined ? `iris.list_element(${list}, ${at})` : `iris.list_slice(${list}, ${at}, ${end})`,
  ),
  define('$LISTDATA', [1, 2], ['list', 'integer'], SMALLINT, ([list = '', at = '1']) => {
    return `iris.list_data(${list}, ${at})`;
  }),
  define(
    '$LISTFIND',
    [2, 3],
    ['list', 'string', 'integer'],
    SMALLINT,
    ([list = '', value = '', after = '0']) => {
      return `iris.list_find(${list}, ${value}, ${after})`;
    },
  ),
  define('$LISTFROMSTRING', [1, 2], ['string'], LIST, ([x = '', delimiter = `','`]) => {
    return `iris.list_from_string(${x}, ${delimiter})`;
  }),
  define(
    '$LISTGET',
    [1, 3],
    ['list', 'integer', 'string'],
    VARCHAR,
    ([list = '', at = '1', otherwise = 'NULL']) => {
      return `iris.list_get(${list}, ${at}, ${otherwise})`;
    },
  ),
  define('$LISTLENGTH', 1, ['list'], SMALLINT, ([list = '']) => `iris.list_length(${list})`),
  define('$LISTSAME', 2, ['list'], SMALLINT, ([a = '', b = '']) => `iris.list_same(${a}, ${b})`),
  define('$LISTTOSTRING', [1, 2], ['list', 'string'], VARCHAR, ([list = '', delimiter = `','`]) => {
    return `iris.list_to_string(${list}, ${delimiter})`;
  }),
];
