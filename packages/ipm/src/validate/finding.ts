import type { TextEdit } from './edits.js';
import type { RuleId, Severity } from './rules.js';
import { RULES } from './rules.js';
import type { XmlElement } from './xml-tree.js';

/** One thing that IPM would refuse, ignore or do differently than it looks. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  /** What IPM or IRIS does with it. */
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
  /** Present when the fix needs no decision. */
  readonly edits?: readonly TextEdit[];
}

/** What is on disk next to module.xml; paths are relative to it, with `/`. */
export interface ModuleFiles {
  kindOf(path: string): 'file' | 'directory' | undefined;
  /** `undefined` when there is no such file. */
  read(path: string): string | undefined;
}

/** What a rule sees and where it reports. */
export interface RuleContext {
  readonly source: string;
  readonly module: XmlElement;
  readonly document: XmlElement;
  readonly files: ModuleFiles | undefined;
  readonly preloadedClasses: readonly string[];
  readonly report: (
    rule: RuleId,
    offset: number,
    message: string,
    fix: string,
    edits?: readonly TextEdit[],
  ) => void;
}

/** More than anybody reads; a file made to have more must not cost minutes. */
export const MAX_FINDINGS = 1000;

export class FindingList {
  readonly #found: { readonly offset: number; readonly finding: Finding }[] = [];
  readonly #lineStarts: readonly number[];

  constructor(source: string) {
    const starts = [0];
    for (const match of source.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
    this.#lineStarts = starts;
  }

  readonly report: RuleContext['report'] = (rule, offset, message, fix, edits) => {
    if (this.#found.length >= MAX_FINDINGS) return;
    const { severity, why } = RULES[rule];
    const line = this.#lineOf(offset);
    this.#found.push({
      offset,
      finding: {
        rule,
        severity,
        line,
        column: offset - (this.#lineStarts[line - 1] ?? 0) + 1,
        message,
        why,
        fix,
        ...(edits === undefined ? {} : { edits }),
      },
    });
  };

  /** In the order of the text. */
  sorted(): Finding[] {
    return this.#found.toSorted((a, b) => a.offset - b.offset).map(({ finding }) => finding);
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
