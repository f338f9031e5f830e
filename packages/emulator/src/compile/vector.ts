import { sqlError } from '@iris-devtools/core';
import type { ToVectorExpression } from '../sql/ast.js';
import { DEFAULT_VECTOR_ELEMENT, vectorElementType } from '../sql/type-names.js';
import type { IrisType, VectorElementType } from '../sql/types.js';
import { asNumber, asText } from './coerce.js';
import { compileExpression } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, isWeak } from './typed.js';
import { VARCHAR } from './types.js';

const PARSERS: Readonly<Record<VectorElementType, string>> = {
  DOUBLE: 'float_vector',
  FLOAT: 'float_vector',
  TIMESTAMP: 'float_vector',
  DECIMAL: 'numeric_vector',
  INTEGER: 'numeric_vector',
  STRING: 'text_vector',
};

/** TO_VECTOR. Without a type the elements are FLOAT. @throws IrisError -1 for an unknown element type */
export function compileToVector(node: ToVectorExpression, frame: Frame): Typed {
  const element = vectorElementType(node.elementType ?? DEFAULT_VECTOR_ELEMENT);
  if (element === undefined) throw sqlError(-1, ` Invalid vector type '${node.elementType ?? ''}'`);
  const data = compileExpression(node.data, frame);
  if (data.origin === 'parameter') frame.context.learnParameter(data.parameterIndex, VARCHAR);
  const length =
    node.length === undefined ? undefined : asNumber(compileExpression(node.length, frame), frame.context);
  const type: IrisType = {
    name: 'VECTOR',
    elementType: element,
    ...(length?.literal == null ? {} : { dimension: Number(length.literal) }),
  };
  const text = asText(data, frame.context).sql;
  const parsed = `iris_sys.${PARSERS[element]}(${text})`;
  // Decimals are cut for INTEGER vectors.
  const typed = element === 'INTEGER' ? `iris_sys.truncated(${parsed})` : parsed;
  // A value that is the same for all rows is parsed once, not once for each row.
  const converted = isWeak(data) ? `(SELECT ${typed})` : typed;
  if (length === undefined) return expression(converted, type);
  const resize = element === 'STRING' ? 'resized_texts' : 'resized';
  return expression(`iris_sys.${resize}(${converted}, ${length.sql}::int4)`, type);
}
