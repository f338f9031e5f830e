import { SaxesParser } from 'saxes';

/** Offsets are UTF-16 units from the start of the text. */
export interface XmlAttribute {
  readonly name: string;
  /** Entities resolved. */
  readonly value: string;
  readonly start: number;
  readonly nameEnd: number;
  /** Inside the quotes. */
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
}

export interface XmlElement {
  readonly name: string;
  readonly parent: XmlElement | undefined;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  /** All direct text, entities resolved. */
  text: string;
  /** From `<` to behind the last `>`. */
  readonly start: number;
  end: number;
  /** Behind the `>` of the opening tag. */
  readonly openEnd: number;
  /** At `</`; equal to `openEnd` for a self-closing element. */
  closeStart: number;
  readonly selfClosing: boolean;
}

export interface XmlProblem {
  readonly offset: number;
  readonly message: string;
}

export interface ParsedXml {
  readonly root: XmlElement | undefined;
  /** The first place where the text is not well-formed; the tree ends there. */
  readonly problem: XmlProblem | undefined;
}

/** Deeper than any manifest; keeps recursive rules off the stack's limit. */
export const MAX_XML_DEPTH = 64;

/** Text to tree with positions. Never throws for bad XML: see `problem`. */
export function parseXml(text: string): ParsedXml {
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let problem: XmlProblem | undefined;
  let tagStart = 0;
  /** Up to here the text is read without an error. */
  let settled = 0;

  const fail = (message: string, offset: number): void => {
    problem ??= { message, offset };
  };
  parser.on('error', (error) => {
    // saxes puts `line:column: ` in front; ours are counted from the same text but from 1.
    const position = Math.min(parser.position, text.length);
    fail(error.message.replace(/^\d+:\d+: /, ''), bareAmpersand(text, settled, position) ?? position);
  });
  parser.on('doctype', () => {
    fail('a document type declaration has no place in module.xml', parser.position);
  });
  parser.on('opentagstart', () => {
    tagStart = text.lastIndexOf('<', parser.position - 1);
  });
  parser.on('opentag', (tag) => {
    if (problem !== undefined) return;
    const parent = open.at(-1);
    const element: XmlElement = {
      name: tag.name,
      parent,
      attributes: readAttributes(text, tagStart, parser.position, tag.attributes),
      children: [],
      text: '',
      start: tagStart,
      end: parser.position,
      openEnd: parser.position,
      closeStart: parser.position,
      selfClosing: tag.isSelfClosing,
    };
    parent?.children.push(element);
    root ??= element;
    open.push(element);
    settled = parser.position;
    if (open.length > MAX_XML_DEPTH) fail(`elements nest deeper than ${String(MAX_XML_DEPTH)}`, tagStart);
  });
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined || problem !== undefined) return;
    element.end = parser.position;
    settled = parser.position;
    if (!element.selfClosing) element.closeStart = text.lastIndexOf('</', parser.position - 1);
  });
  const addText = (value: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += value;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return { root, problem };
}

/** saxes notices a bare `&` only at the next `;`, which can be many lines later. */
function bareAmpersand(text: string, from: number, to: number): number | undefined {
  const reference = /&(?!#\d+;|#x[0-9A-Fa-f]+;|[A-Za-z_][\w.-]*;)/g;
  reference.lastIndex = from;
  const match = reference.exec(text);
  return match !== null && match.index < to ? match.index : undefined;
}

/** The tag is well-formed when this runs, so every attribute is name, `=`, quoted value. */
function readAttributes(
  text: string,
  from: number,
  to: number,
  values: Readonly<Record<string, string>>,
): XmlAttribute[] {
  const pattern = /([^\s=<>/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gy;
  const found: XmlAttribute[] = [];
  let at = from + 1;
  while (at < to && !/[\s>/]/.test(text[at] ?? '>')) at += 1;
  for (;;) {
    while (at < to && /\s/.test(text[at] ?? '')) at += 1;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || pattern.lastIndex > to) return found;
    const name = match[1] ?? '';
    const raw = match[2] ?? match[3] ?? '';
    const end = pattern.lastIndex;
    found.push({
      name,
      value: values[name] ?? raw,
      start: at,
      nameEnd: at + name.length,
      valueStart: end - 1 - raw.length,
      valueEnd: end - 1,
      end,
    });
    at = end;
  }
}

export function attribute(element: XmlElement, name: string): XmlAttribute | undefined {
  return element.attributes.find((candidate) => candidate.name === name);
}

export function attributeValue(element: XmlElement, name: string): string | undefined {
  return attribute(element, name)?.value;
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The trimmed text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text.trim();
}
