import { applyEdits } from './edits.js';
import type { Finding } from './finding.js';
import type { ValidateOptions } from './validate-manifest.js';
import { validateManifest } from './validate-manifest.js';

export interface FixResult {
  readonly text: string;
  /** Findings whose fix was made. */
  readonly fixed: readonly Finding[];
  /** Findings of the fixed text: they need a decision. */
  readonly remaining: readonly Finding[];
}

/** A fix can bring up another finding; more rounds than this would mean that two rules disagree. */
const MAX_ROUNDS = 10;

/** Makes every fix that needs no decision. All other text, comments and white space stay as they are. */
export function fixManifest(source: string, options: ValidateOptions = {}): FixResult {
  let text = source;
  const fixed: Finding[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const fixable = validateManifest(text, options).filter((finding) => finding.edits !== undefined);
    if (fixable.length === 0) break;
    const taken: Finding[] = [];
    const next = applyEdits(
      text,
      fixable.map((finding) => finding.edits ?? []),
      (index) => {
        const finding = fixable[index];
        if (finding !== undefined) taken.push(finding);
      },
    );
    if (next === text) break;
    text = next;
    fixed.push(...taken);
  }
  return { text, fixed, remaining: validateManifest(text, options) };
}
