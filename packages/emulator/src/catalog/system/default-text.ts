import type { DefaultValue, Expression } from '../../sql/ast.js';

/** A default as COLUMN_DEFAULT shows it: the ObjectScript of the property's InitialExpression. */
export function defaultText(value: DefaultValue): string {
  return value.kind === 'objectscript' ? value.code : expressionText(value.expression);
}

function expressionText(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'string':
      return `"${node.value.replaceAll('"', '""')}"`;
    case 'null':
      return '""';
    case 'parenthesized':
      return expressionText(node.expression);
    case 'unary':
      return `${node.operator}${expressionText(node.operand)}`;
    case 'function':
      return node.name;
    default:
      return '';
  }
}
