import type { Finding } from '../validate/finding.js';
import type { Terminal } from './terminal.js';

export function writeFindings(terminal: Terminal, file: string, findings: readonly Finding[]): void {
  for (const { line, column, severity, rule, message, why, fix, edits } of findings) {
    terminal.out(
      `${file}:${String(line)}:${String(column)} ${severity} ${message} [${rule}]\n` +
        `    why: ${why}\n    fix: ${fix}${edits === undefined ? '' : ' (--fix does it)'}\n`,
    );
  }
}

/** One line of summary, e.g. `2 errors, 1 warning`. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], word: string): string[] => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${String(number)} ${word}${number === 1 ? '' : 's'}`];
  };
  const parts = [...count('error', 'error'), ...count('warning', 'warning'), ...count('info', 'note')];
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}
