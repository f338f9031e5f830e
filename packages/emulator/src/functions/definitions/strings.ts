import { sqlError } from '@iris-devtools/core';
import type { IrisType } from '../../sql/types.js';
import type { EmitContext, FunctionDefinition } from '../registry-types.js';
import {
  badArgument,
  call,
  define,
  INTEGER,
  named,
  numberOrNull,
  SMALLINT,
  textOf,
  typeAt,
  VARCHAR,
} from './define.js';

const XML: IrisType = { name: 'VARCHAR', className: '%XML' };

const length = define(
  'LENGTH',
  1,
  ['string'],
  INTEGER,
  ([x = '']) => `pg_catalog.length(pg_catalog.rtrim(${x}))`,
);

/** The only length that streams have, too: characters, or bytes of binary data. */
const characters = define(
  'CHAR_LENGTH',
  1,
  ['any'],
  INTEGER,
  ([x = ''], context) => {
    const type = typeAt(context, 0);
    const isBinary = type.name === 'VARBINARY' || type.name === 'LONGVARBINARY' || type.name === 'LIST';
    return isBinary ? `octet_length(${x})` : `char_length(${textOf(x, type)})`;
  },
  { acceptsStream: true },
);

const repeat = define(
  'REPEAT',
  2,
  ['string', 'any'],
  VARCHAR,
  ([x = '', times = ''], context) => `iris.repeat(${x}, ${numberOrNull(times, typeAt(context, 1))})`,
);

const HASHES: Readonly<Record<string, string>> = { SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' };

/** @throws IrisError -400 for another algorithm, or one that is not written out */
function hashBytes([, data = '']: readonly string[], { words }: EmitContext): string {
  const algorithm = words[0]?.toUpperCase() ?? '';
  const name = Object.hasOwn(HASHES, algorithm) ? HASHES[algorithm] : undefined;
  return `${name ?? badArgument('HASHBYTES', algorithm)}(convert_to(${data}, 'UTF8'))`;
}

const onSide = (left: boolean) => (args: readonly string[]) => {
  const [x = '', size = '', padding = `' '`] = args;
  return `iris.pad(${x}, ${size}, ${padding}, ${String(left)})`;
};

export const STRING_DEFINITIONS: readonly FunctionDefinition[] = [
  ...named(['LENGTH', 'LEN'], length),
  ...named(['CHAR_LENGTH', 'CHARACTER_LENGTH', 'DATALENGTH'], characters),
  define('$LENGTH', [1, 2], ['string'], SMALLINT, ([x = '', delimiter]) =>
    delimiter === undefined ? `coalesce(char_length(${x}), 0)` : `iris.pieces(${x}, ${delimiter})`,
  ),
  ...named(['UPPER', 'UCASE'], define('UPPER', 1, ['string'], VARCHAR, call('upper'))),
  ...named(['LOWER', 'LCASE'], define('LOWER', 1, ['string'], VARCHAR, call('lower'))),
  define('LTRIM', 1, ['string'], VARCHAR, ([x = '']) => `ltrim(${x}, ' ')`),
  define('RTRIM', 1, ['string'], VARCHAR, ([x = '']) => `rtrim(${x}, ' ')`),
  define('LPAD', [2, 3], ['string', 'integer', 'string'], VARCHAR, onSide(true)),
  define('RPAD', [2, 3], ['string', 'integer', 'string'], VARCHAR, onSide(false)),
  define('SPACE', 1, ['number'], VARCHAR, call('iris.space')),
  ...named(['REPEAT', 'REPLICATE'], repeat),
  define('REVERSE', 1, ['string'], VARCHAR, call('pg_catalog.reverse')),
  define('SUBSTRING', [2, 3], ['any', 'integer'], VARCHAR, substring, { acceptsStream: true }),
  define(
    'SUBSTR',
    [2, 3],
    ['string', 'integer'],
    VARCHAR,
    ([x = '', start = '', size = '2147483647']) => `iris.substr(${x}, ${start}, ${size})`,
  ),
  define('LEFT', 2, ['string', 'integer'], VARCHAR, ([x = '', count = '']) => `iris.left(${x}, ${count})`, {
    braceOnly: true,
  }),
  define('RIGHT', 2, ['string', 'integer'], VARCHAR, ([x = '', count = '']) => `iris.right(${x}, ${count})`, {
    braceOnly: true,
  }),
  define('$EXTRACT', [1, 3], ['string', 'integer'], VARCHAR, call('iris.extract', '', '1')),
  define('$PIECE', [2, 4], ['string', 'string', 'integer'], VARCHAR, piece),
  define('STUFF', 4, ['string', 'integer', 'integer', 'string'], VARCHAR, call('iris.stuff')),
  define('REPLACE', 3, ['string'], VARCHAR, call('iris.replace')),
  define(
    '$TRANSLATE',
    [2, 3],
    ['string'],
    VARCHAR,
    ([x = '', from = '', to = `''`]) => `translate(${x}, coalesce(${from}, ''), coalesce(${to}, ''))`,
  ),
  define(
    'STRING',
    [1, Infinity],
    ['string'],
    VARCHAR,
    (args) => `iris.string(VARIADIC ARRAY[${args.join(', ')}])`,
  ),
  define('CONCAT', 2, ['string'], VARCHAR, ([a = '', b = '']) => `${a} || ${b}`, { braceOnly: true }),
  define('POSITION', 2, ['string'], INTEGER, ([needle = '', x = '']) => `iris.charindex(${needle}, ${x}, 1)`),
  define('CHARINDEX', [2, 3], ['string', 'string', 'integer'], INTEGER, call('iris.charindex', '', '', '1')),
  define('INSTR', [2, 4], ['string', 'string', 'integer'], INTEGER, call('iris.instr', '', '', '1', '1')),
  define('$FIND', [2, 3], ['string', 'string', 'integer'], SMALLINT, call('iris.find', '', '', '1')),
  define('ASCII', 1, ['string'], INTEGER, call('iris.ascii')),
  define('CHAR', 1, ['string'], VARCHAR, call('iris.char')),
  define('$CHAR', [1, Infinity], ['number'], VARCHAR, call('iris.chars')),
  define('HASHBYTES', 2, ['word', 'string'], { name: 'VARBINARY' }, hashBytes),
  define('XMLCONCAT', [2, Infinity], ['string'], XML, (args) => `concat(${args.join(', ')})`),
  define('%OBJECT', 1, ['any'], (types) => types[0] ?? VARCHAR, object, { acceptsStream: true }),
];

function substring(args: readonly string[], context: EmitContext): string {
  const [x = '', start = '', size = '2147483647'] = args;
  return `iris.substring(${textOf(x, typeAt(context, 0))}, ${start}, ${size})`;
}

/** Without `to` the piece at `from` alone; with it `from` may be less than 1. */
function piece([x = '', delimiter = '', from = '1', to]: readonly string[]): string {
  if (to !== undefined) return `iris.piece(${x}, ${delimiter}, coalesce(${from}, 1), ${to})`;
  return `CASE WHEN ${from} >= 1 THEN iris.piece(${x}, ${delimiter}, ${from}, ${from}) END`;
}

/** @throws IrisError -128 for anything but a stream */
function object([x = '']: readonly string[], context: EmitContext): string {
  const { name } = typeAt(context, 0);
  if (name !== 'LONGVARCHAR' && name !== 'LONGVARBINARY') {
    throw sqlError(-128, ' Argument to scalar function %OBJECT() must be a stream field');
  }
  return x;
}
