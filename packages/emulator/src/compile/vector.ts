import { sqlError } from '@iris-devtools/core';
import type { ToVectorExpression } from '../sql/ast.js';
import { vectorElementType } from '../sql/type-names.js';
import type { IrisType } from '../sql/types.js';
import { asNumber, asText } from './coerce.js';
import { compileExpression } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression } from './typed.js';
import { storageType, VARCHAR } from './types.js';

/** TO_VECTOR. Without a type the elements are DOUBLE. @throws IrisError -1 for an unknown element type */
export function compileToVector(node: ToVectorExpression, frame: Frame): Typed {
  const element = vectorElementType(node.elementType ?? 'DOUBLE');
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
  const elements = `iris_sys.vector_elements(${asText(data, frame.context).sql})`;
  // Decimals are cut for INTEGER vectors.
  const converted =
    element === 'INTEGER'
      ? `iris_sys.truncated(${elements}::numeric[])`
      : `${elements}::${storageType(type)}`;
  if (length === undefined) return expression(converted, type);
  return expression(`iris_sys.resized(${converted}, ${length.sql}::int4)`, type);
}
