import type { XmlAttribute, XmlElement } from './xml-tree.js';

/** Replace `[start, end)` by `text`; offsets are UTF-16 units of the validated text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function escapeText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function setAttribute(attribute: XmlAttribute, value: string): TextEdit {
  // The quotes are replaced too, so that one kind of escaping is right.
  return {
    start: attribute.valueStart - 1,
    end: attribute.valueEnd + 1,
    text: `"${escapeAttribute(value)}"`,
  };
}

export function renameAttribute(attribute: XmlAttribute, name: string): TextEdit {
  return { start: attribute.start, end: attribute.nameEnd, text: name };
}

/** Also takes the white space in front of it. */
export function removeAttribute(source: string, attribute: XmlAttribute): TextEdit {
  let start = attribute.start;
  while (/\s/.test(source[start - 1] ?? '')) start -= 1;
  return { start, end: attribute.end, text: '' };
}

export function addAttribute(element: XmlElement, name: string, value: string): TextEdit {
  const at = element.attributes.at(-1)?.end ?? element.start + 1 + element.name.length;
  return { start: at, end: at, text: ` ${name}="${escapeAttribute(value)}"` };
}

export function renameElement(element: XmlElement, name: string): TextEdit[] {
  const start = element.start + 1;
  const edits = [{ start, end: start + element.name.length, text: name }];
  if (!element.selfClosing) {
    const close = element.closeStart + 2;
    edits.push({ start: close, end: close + element.name.length, text: name });
  }
  return edits;
}

export function setText(element: XmlElement, value: string): TextEdit {
  return element.selfClosing
    ? replaceElement(element, openingTag(element, `>${escapeText(value)}</${element.name}>`))
    : { start: element.openEnd, end: element.closeStart, text: escapeText(value) };
}

function openingTag(element: XmlElement, rest: string): string {
  const attributes = element.attributes.map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`);
  return `<${element.name}${attributes.join('')}${rest}`;
}

export function replaceElement(element: XmlElement, text: string): TextEdit {
  return { start: element.start, end: element.end, text };
}

/** Takes the line too when nothing else is on it. */
export function removeElement(source: string, element: XmlElement): TextEdit {
  let start = element.start;
  while (source[start - 1] === ' ' || source[start - 1] === '\t') start -= 1;
  let end = element.end;
  while (source[end] === ' ' || source[end] === '\t') end += 1;
  const aloneOnLine =
    (start === 0 || source[start - 1] === '\n') && (source[end] === '\n' || source[end] === '\r');
  if (!aloneOnLine) return { start: element.start, end: element.end, text: '' };
  if (source[end] === '\r') end += 1;
  if (source[end] === '\n') end += 1;
  return { start, end, text: '' };
}

/** New sibling in front of `element`, on a line of its own with the same indentation. */
export function insertBefore(source: string, element: XmlElement, text: string): TextEdit {
  const lineStart = source.lastIndexOf('\n', element.start - 1) + 1;
  const indent = source.slice(lineStart, element.start);
  const separator = /^[ \t]*$/.test(indent) && lineStart > 0 ? `${lineBreak(source)}${indent}` : '';
  return { start: element.start, end: element.start, text: text + separator };
}

/** A self-closing element with the given attributes. */
export function emptyElement(name: string, attributes: readonly (readonly [string, string])[]): string {
  return `<${name}${attributes.map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`).join('')}/>`;
}

export function lineBreak(source: string): string {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

/**
 * Applies groups of edits that do not overlap; a group that meets an earlier one is left out and can be tried again on
 * the result. Insertions at one place keep their order. `onApplied` gets the index of every group that was taken.
 */
export function applyEdits(
  source: string,
  groups: readonly (readonly TextEdit[])[],
  onApplied: (index: number) => void,
): string {
  const accepted: TextEdit[] = [];
  groups.forEach((group, index) => {
    if (group.some((edit) => accepted.some((other) => overlaps(edit, other)))) return;
    accepted.push(...group);
    onApplied(index);
  });
  accepted.sort((a, b) => a.start - b.start || a.end - b.end);
  let text = '';
  let at = 0;
  for (const edit of accepted) {
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at);
}

function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.start === a.end && b.start === b.end) return false;
  return a.start < b.end && b.start < a.end;
}
