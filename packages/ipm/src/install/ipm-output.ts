/** One phase of a module as IPM printed it. */
export interface PhaseOutcome {
  readonly module: string;
  readonly phase: string;
  readonly outcome: 'success' | 'failure' | 'started';
}

export interface IpmOutput {
  readonly phases: readonly PhaseOutcome[];
  /** Lines that mean a failure, in order. */
  readonly errors: readonly string[];
  /** `Clean SKIPPED - required by ...`: the command succeeds although the module stays. */
  readonly skipped: string | undefined;
}

/** `[USER|myapp]<tab>Reload START (/tmp/myapp/)`; a failure is printed as `[myapp]<tab>Activate FAILURE`. */
const PHASE_LINE = /^\[(?:[^|\]]*\|)?([^\]]+)\]\s+(\S.*?) (START|SUCCESS|FAILURE)(?:\s.*)?$/;
const FAILURES = [
  /^\s*ERROR! ?(.*)$/,
  /^\s*ERROR #\d+: .*$/,
  /^<[A-Z][A-Z ]+>.*$/,
  /^IPM is not enabled in namespace.*$/,
  /^Module '.*' not found\..*$/,
  /^'.*' not found in any repository\..*$/,
];

/**
 * Reads what `zpm` printed (without colours). Text alone proves nothing: the exit code and a look at what is installed
 * belong to it. Source of the wording: IPM 0.9 and 0.10.
 */
export function parseIpmOutput(text: string): IpmOutput {
  const phases = new Map<string, PhaseOutcome>();
  const errors: string[] = [];
  let skipped: string | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    const phase = PHASE_LINE.exec(line);
    if (phase !== null) {
      const [, module = '', name = '', word = ''] = phase;
      const outcome = word === 'START' ? 'started' : word === 'SUCCESS' ? 'success' : 'failure';
      phases.set(`${module.toLowerCase()} ${name}`, { module, phase: name, outcome });
      if (outcome === 'failure') errors.push(`${name} failed in module ${module}`);
      continue;
    }
    if (line.includes('Clean SKIPPED')) skipped = line.trim();
    const failure = FAILURES.map((pattern) => pattern.exec(line)).find((match) => match !== null);
    if (failure) errors.push((failure[1] ?? failure[0]).trim());
  }
  return { phases: [...phases.values()], errors, skipped };
}
