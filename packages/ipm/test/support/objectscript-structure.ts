/**
 * Reads the subset of UDL that this package generates and refuses everything else: one class of class methods, bodies of
 * balanced blocks, and lines of known commands whose strings and parentheses close.
 */
export interface ParsedMethod {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly returns: string | undefined;
  readonly lines: readonly ParsedLine[];
}

export interface ParsedLine {
  readonly depth: number;
  readonly command: string;
  /** The line with every string literal replaced by `""`. */
  readonly code: string;
  readonly strings: readonly string[];
}

export interface ParsedClass {
  readonly name: string;
  readonly methods: readonly ParsedMethod[];
}

const COMMANDS = new Set(['Set', 'Do', 'If', 'Return', 'Try', 'New', 'Hang', 'For', 'Quit', 'Kill', '}']);
const METHOD = /^ClassMethod ([A-Za-z][A-Za-z0-9]*)\((.*)\)(?: As (%[A-Za-z]+))?$/;

export function parseClass(text: string): ParsedClass {
  const lines = text.split('\n');
  let at = 0;
  const next = (): string => {
    const line = lines[at++];
    if (line === undefined) throw new Error('the class ends too early');
    return line;
  };
  const skip = (): void => {
    while (lines[at] === '' || lines[at]?.startsWith('///') === true) at += 1;
  };
  skip();
  const header = /^Class ([A-Za-z][A-Za-z0-9.]*) Extends %RegisteredObject$/.exec(next());
  if (header === null || next() !== '{') throw new Error('no class header');
  const methods: ParsedMethod[] = [];
  for (;;) {
    skip();
    if (lines[at] === '}') break;
    const head = next();
    const plain = blank(head);
    const method = METHOD.exec(plain.code);
    if (method === null || next() !== '{') throw new Error(`no method: ${head}`);
    const body: string[] = [];
    for (let line = next(); line !== '}'; line = next()) body.push(line);
    methods.push({
      name: method[1] ?? '',
      parameters: (method[2] ?? '').split(', ').filter((parameter) => parameter !== ''),
      returns: method[3],
      lines: parseBody(body),
    });
  }
  if (lines.slice(at + 1).some((line) => line !== '')) throw new Error('text behind the class');
  return { name: header[1] ?? '', methods };
}

function parseBody(body: readonly string[]): ParsedLine[] {
  const parsed: ParsedLine[] = [];
  const blocks: string[] = [];
  for (const line of body) {
    if (line.trim() === '' || line.trim().startsWith('//')) continue;
    const { code, strings } = blank(line.trim());
    const closes = code.startsWith('}');
    if (closes && blocks.pop() === undefined) throw new Error(`a block ends that did not begin: ${line}`);
    const depth = blocks.length;
    if (line.length - line.trimStart().length !== 4 * (depth + 1)) throw new Error(`indentation: ${line}`);
    const command = /^(\}|[A-Za-z]+)/.exec(code)?.[1] ?? '';
    if (!COMMANDS.has(command)) throw new Error(`unknown command: ${line}`);
    checkParentheses(code, line);
    if (command === 'Quit' && code !== 'Quit' && blocks.includes('Try'))
      throw new Error(`Quit with a value in Try: ${line}`);
    if (code.endsWith('{')) blocks.push(closes ? (/Catch/.test(code) ? 'Catch' : 'Else') : command);
    else if (/[{}]/.test(closes ? code.slice(1) : code)) throw new Error(`a brace inside a line: ${line}`);
    parsed.push({ depth, command, code, strings });
  }
  if (blocks.length > 0) throw new Error(`a block does not end: ${blocks.join(' ')}`);
  return parsed;
}

/** Takes the string literals out. */
function blank(line: string): { readonly code: string; readonly strings: readonly string[] } {
  const strings: string[] = [];
  let code = '';
  for (let i = 0; i < line.length; i++) {
    if (line[i] !== '"') {
      code += line[i] ?? '';
      continue;
    }
    let value = '';
    for (i += 1; ; i++) {
      if (i >= line.length) throw new Error(`a string does not end: ${line}`);
      if (line[i] !== '"') value += line[i] ?? '';
      else if (line[i + 1] === '"') {
        value += '"';
        i += 1;
      } else break;
    }
    strings.push(value);
    code += '""';
  }
  return { code, strings };
}

function checkParentheses(code: string, line: string): void {
  let depth = 0;
  for (const character of code) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) throw new Error(`parentheses: ${line}`);
  }
  if (depth !== 0) throw new Error(`parentheses: ${line}`);
}

/** The value of an expression made of literals and `$CHAR(n)` joined by `_`. */
export function evaluateLiteral(expression: string): string {
  let value = '';
  let at = 0;
  const piece = /"((?:[^"]|"")*)"|\$CHAR\((\d+)\)/y;
  for (;;) {
    piece.lastIndex = at;
    const match = piece.exec(expression);
    if (match === null) throw new Error(`not a literal: ${expression}`);
    value +=
      match[2] === undefined ? (match[1] ?? '').replaceAll('""', '"') : String.fromCharCode(Number(match[2]));
    at = piece.lastIndex;
    if (at === expression.length) return value;
    if (expression[at] !== '_') throw new Error(`not a literal: ${expression}`);
    at += 1;
  }
}
