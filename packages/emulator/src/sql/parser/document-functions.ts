import type { Expression, Identifier, XmlAttribute } from '../ast.js';
import { parseExpression } from './expressions.js';
import type { TokenCursor } from './token-cursor.js';

/** `NULL ON NULL` or `ABSENT ON NULL`. */
export function parseNullHandling(p: TokenCursor): 'NULL' | 'ABSENT' | undefined {
  const word = p.acceptAnyWord('NULL', 'ABSENT');
  if (word !== undefined) p.expectWord('ON', 'NULL');
  return word;
}

/** `JSON_OBJECT('k' : v, ... [NULL ON NULL | ABSENT ON NULL])`. */
export function parseJsonObject(p: TokenCursor): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  const members = p.commaList(() => {
    const key = parseExpression(p);
    p.expectSymbol(':');
    return { key, value: parseExpression(p) };
  });
  const onNull = parseNullHandling(p) ?? 'NULL';
  p.expectSymbol(')');
  return { kind: 'json-object', members, onNull, position };
}

/** `JSON_ARRAY(v, ... [NULL ON NULL | ABSENT ON NULL])`. */
export function parseJsonArray(p: TokenCursor): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  const elements = p.commaList(() => parseExpression(p));
  const onNull = parseNullHandling(p) ?? 'NULL';
  p.expectSymbol(')');
  return { kind: 'json-array', elements, onNull, position };
}

/** `XMLELEMENT([NAME] tag [, XMLATTRIBUTES(..)] [, content ..])`. */
export function parseXmlElement(p: TokenCursor): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  const tag = parseTag(p);
  const attributes: XmlAttribute[] = [];
  const content: Expression[] = [];
  while (p.acceptSymbol(',')) {
    if (p.isWord('XMLATTRIBUTES') && p.isSymbolAt(1, '(')) {
      p.advance();
      attributes.push(...parseAttributes(p));
    } else {
      content.push(parseExpression(p));
    }
  }
  p.expectSymbol(')');
  return { kind: 'xml-element', tag, attributes, content, position };
}

function parseTag(p: TokenCursor): Identifier | Expression {
  if (p.isWord('NAME')) {
    const { position } = p.advance();
    // NAME alone stands for a tag of that name.
    return p.isSymbol(',') || p.isSymbol(')') ? { name: 'Name', delimited: false, position } : p.identifier();
  }
  return p.token.kind === 'delimited' ? p.identifier() : parseExpression(p);
}

export function parseXmlForest(p: TokenCursor): Expression {
  const { position } = p.advance();
  return { kind: 'xml-forest', elements: parseAttributes(p), position };
}

/** `(value [AS name], ...)`. */
function parseAttributes(p: TokenCursor): XmlAttribute[] {
  p.expectSymbol('(');
  const attributes = p.commaList((): XmlAttribute => {
    const value = parseExpression(p);
    return p.acceptWord('AS') ? { value, alias: p.identifier() } : { value };
  });
  p.expectSymbol(')');
  return attributes;
}
