import { className } from './literals.js';

export interface ClassMethod {
  readonly name: string;
  /** Between the parentheses. */
  readonly parameters?: string;
  readonly returns?: string;
  /** One line each, put above the method as `///`. */
  readonly documentation?: readonly string[];
  readonly body: readonly string[];
}

/** A class in UDL, one class per file. */
export function writeClass(
  name: string,
  documentation: readonly string[],
  methods: readonly ClassMethod[],
): string {
  const lines = [
    ...documentation.map(comment),
    `Class ${className(name)} Extends %RegisteredObject`,
    '{',
    '',
  ];
  for (const method of methods) {
    const result = method.returns === undefined ? '' : ` As ${method.returns}`;
    lines.push(
      ...(method.documentation ?? []).map(comment),
      `ClassMethod ${method.name}(${method.parameters ?? ''})${result}`,
      '{',
      ...method.body.map((line) => (line === '' ? '' : `    ${line}`)),
      '}',
      '',
    );
  }
  lines.push('}', '');
  return lines.join('\n');
}

/** A comment ends with its line, so a line break in it would become code. */
function comment(line: string): string {
  return `/// ${line.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')}`.trimEnd();
}
