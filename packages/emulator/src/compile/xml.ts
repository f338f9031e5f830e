import { sqlError } from '@iris-devtools/core';
import type {
  Expression,
  Identifier,
  XmlAttribute,
  XmlElementExpression,
  XmlForestExpression,
} from '../sql/ast.js';
import { asText } from './coerce.js';
import { compileExpression, compileValue } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, quote } from './typed.js';
import { isStream, VARCHAR, XML_CLASS } from './types.js';

const XML = { ...VARCHAR, className: XML_CLASS };

/** Text content is escaped, a stream a CDATA section; elements of our own making go in as they are. */
function content(value: Typed, frame: Frame): string {
  const text = asText(value, frame.context).sql;
  if (isStream(value.type)) return `('<![CDATA[' || ${text} || ']]>')`;
  return value.type.className === XML_CLASS ? text : `iris_sys.xml_escape(${text})`;
}

const isExpression = (tag: Identifier | Expression): tag is Expression => 'kind' in tag;

function nameOf(value: Expression, alias: Identifier | undefined): string {
  if (alias !== undefined) return alias.name;
  if (value.kind === 'pseudo-column') return value.name.replace('%', '');
  return value.kind === 'column' ? value.name.name : 'VALUE';
}

export function compileXmlElement(node: XmlElementExpression, frame: Frame): Typed {
  const tag = isExpression(node.tag)
    ? asText(compileValue(node.tag, frame, 'XMLELEMENT'), frame.context).sql
    : `${quote(node.tag.name)}::text`;
  const attributes = node.attributes.map((attribute) => {
    const value = content(compileValue(attribute.value, frame, 'XMLATTRIBUTES'), frame);
    return `coalesce(' ' || ${quote(nameOf(attribute.value, attribute.alias))} || '=''' || ${value} || '''', '')`;
  });
  const children = node.content.map(
    (item) => `coalesce(${content(compileExpression(item, frame), frame)}, '')`,
  );
  const inner = children.length === 0 ? `''` : children.join(' || ');
  // IRIS leaves a blank after the attributes.
  const open = ["'<'", tag, ...attributes, attributes.length === 0 ? "'>'" : "' >'"].join(' || ');
  return expression(`(${open} || ${inner} || '</' || ${tag} || '>')`, XML);
}

/** Tags made of column names are upper case. @throws IrisError -1 for a value without a name */
function forestTag(value: Expression): string {
  if (value.kind !== 'column' && value.kind !== 'pseudo-column') {
    throw sqlError(-1, ' AS expected in XMLFOREST');
  }
  return nameOf(value, undefined).toUpperCase();
}

export function compileXmlForest(node: XmlForestExpression, frame: Frame): Typed {
  const elements = node.elements.map((element: XmlAttribute) => {
    const name = element.alias?.name ?? forestTag(element.value);
    const value = content(compileExpression(element.value, frame), frame);
    return `coalesce(${quote(`<${name}>`)} || ${value} || ${quote(`</${name}>`)}, '')`;
  });
  return expression(`(${elements.length === 0 ? `''` : elements.join(' || ')})`, XML);
}
