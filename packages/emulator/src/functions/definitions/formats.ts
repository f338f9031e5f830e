import type { IrisType } from '../../sql/types.js';
import type { EmitContext, FunctionDefinition } from '../registry-types.js';
import { define, INTEGER, NUMERIC, typeAt, VARCHAR } from './define.js';

const same = (types: readonly IrisType[]): IrisType => types[0] ?? VARCHAR;

/** DATE, TIME and LIST look different outside; all other types are the same in every mode. */
const asText = (types: readonly IrisType[]): IrisType =>
  ['DATE', 'TIME', 'LIST'].includes(same(types).name) ? VARCHAR : same(types);

function odbcOut([x = '']: readonly string[], context: EmitContext): string {
  switch (typeAt(context, 0).name) {
    case 'DATE':
      return `iris_sys.date_text(${x})`;
    case 'TIME':
      return `iris_sys.time_text(${x})`;
    case 'LIST':
      return `iris.list_text(${x})`;
    default:
      return x;
  }
}

/** The display form of the default locale (enuw). */
function external(args: readonly string[], context: EmitContext): string {
  const [x = ''] = args;
  switch (typeAt(context, 0).name) {
    case 'DATE':
      return `to_char(DATE '1840-12-31' + ${x}, 'MM/DD/YYYY')`;
    case 'LIST':
      return `iris.list_to_string(${x}, E'\\r\\n')`;
    default:
      return odbcOut(args, context);
  }
}

function internalType(types: readonly IrisType[]): IrisType {
  const type = same(types);
  if (type.name === 'DATE') return INTEGER;
  return type.name === 'TIME' ? { ...NUMERIC, precision: 15, scale: 9 } : type;
}

const unchanged = ([x = '']: readonly string[]): string => x;

/** %EXTERNAL and its like: a value in the form of another select mode. */
export const FORMAT_DEFINITIONS: readonly FunctionDefinition[] = [
  define('%EXTERNAL', 1, ['any'], asText, external),
  define('%ODBCOUT', 1, ['any'], asText, odbcOut),
  define('%INTERNAL', 1, ['any'], internalType, unchanged, { acceptsStream: true }),
  define('%ODBCIN', 1, ['any'], same, unchanged),
];
