import { LIMITS, PHASES, WHENS } from '../../manifest/vocabulary.js';
import { addAttribute, emptyElement, insertBefore, replaceElement, setAttribute } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attribute, attributeValue, childrenNamed } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';
import { resourceElements } from './elements.js';

/** Phases that people expect and IPM does not have, with what they want instead. */
const WRONG_PHASES: Readonly<Record<string, string>> = {
  setup: 'Phase="Activate" When="Before"; requirements.txt next to module.xml is installed without an Invoke',
  install: 'Phase="Activate" When="After"',
  start: 'Phase="Activate" When="After"',
  deactivate: 'Phase="Clean" When="Before"',
  uninstall: 'Phase="Clean" When="Before"',
  stop: 'Phase="Clean" When="Before"',
};

export function checkInvokes(context: RuleContext): void {
  const classes = new ClassCover(context);
  for (const invoke of childrenNamed(context.module, 'Invoke')) {
    checkChildren(context, invoke);
    checkNames(context, invoke);
    checkPhase(context, invoke);
    checkClass(context, invoke, classes);
    if (attribute(invoke, 'CheckStatus') === undefined) {
      context.report(
        'check-status',
        invoke.start,
        'The result of the method is not checked by older IPM',
        'If the method returns %Status, write CheckStatus="true".',
      );
    }
  }
}

function checkChildren({ report }: RuleContext, invoke: XmlElement): void {
  for (const child of invoke.children) {
    if (child.name === 'Arg') {
      if (child.text.length > LIMITS.invokeTextChars) {
        report(
          'invoke-length',
          child.start,
          `Arg has ${String(child.text.length)} characters`,
          'Pass a shorter value, for example the name of a file.',
        );
      }
      continue;
    }
    // The words are worth keeping, and a comment may not hold two hyphens in a row.
    const comment = `<!-- ${child.text.trim().replaceAll(/-(?=-)/g, '- ')} -->`;
    const plain = child.children.length === 0 && child.text.trim() !== '' && !child.text.trim().endsWith('-');
    report(
      'invoke-child',
      child.start,
      `Invoke holds <${child.name}>`,
      child.name === 'Description'
        ? 'Make it a comment.'
        : 'Write Class, Method, Phase and When as attributes, arguments as <Arg>.',
      child.name === 'Description' && plain ? [replaceElement(child, comment)] : undefined,
    );
  }
}

function checkNames({ report }: RuleContext, invoke: XmlElement): void {
  for (const name of ['Class', 'Method']) {
    const value = attributeValue(invoke, name);
    if (value === undefined || value === '') {
      report('invoke-required', invoke.start, `Invoke has no ${name}`, `Add ${name}="...".`);
    } else if (value.length > LIMITS.invokeTextChars) {
      report(
        'invoke-length',
        invoke.start,
        `${name} has ${String(value.length)} characters`,
        'Use a shorter name.',
      );
    }
  }
}

function checkPhase({ report }: RuleContext, invoke: XmlElement): void {
  const phase = attribute(invoke, 'Phase');
  if (phase !== undefined && !includes(PHASES, phase.value)) {
    const sameLetters = PHASES.find((known) => known.toLowerCase() === phase.value.toLowerCase());
    const instead = WRONG_PHASES[phase.value.toLowerCase()];
    report(
      'invoke-phase',
      phase.start,
      `IPM has no phase "${phase.value}"`,
      sameLetters !== undefined
        ? `Write Phase="${sameLetters}".`
        : instead !== undefined
          ? `Use ${instead}.`
          : `Use one of ${PHASES.join(' ')}, or CustomPhase="${phase.value}".`,
      sameLetters === undefined ? undefined : [setAttribute(phase, sameLetters)],
    );
  }
  const when = attribute(invoke, 'When');
  if (when !== undefined && !includes(WHENS, when.value)) {
    const sameLetters = WHENS.find((known) => known.toLowerCase() === when.value.toLowerCase());
    report(
      'invoke-when',
      when.start,
      `When="${when.value}" is not known`,
      `Write When="${sameLetters ?? 'After'}".`,
      sameLetters === undefined ? undefined : [setAttribute(when, sameLetters)],
    );
  }
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes(value);
}

function checkClass(context: RuleContext, invoke: XmlElement, classes: ClassCover): void {
  const name = attributeValue(invoke, 'Class');
  // `${...}` is known only at install time.
  if (!name || name.startsWith('%') || name.includes('${') || name.includes('{$')) return;
  const at = attribute(invoke, 'Class')?.start ?? invoke.start;
  const cover = classes.of(name);
  if (cover === 'preload') return;
  if (cover === undefined) {
    context.report(
      'invoke-class',
      at,
      `No resource of the module loads class ${name}`,
      `Add <Resource Name="${name}.CLS"/>.`,
      classes.firstMiss(name)
        ? [insertBefore(context.source, invoke, emptyElement('Resource', [['Name', `${name}.CLS`]]))]
        : undefined,
    );
  }
  const phase = attributeValue(invoke, 'Phase') ?? 'Configure';
  const when = attributeValue(invoke, 'When') ?? 'After';
  if (attributeValue(invoke, 'CustomPhase') !== undefined || !tooEarlyOrLate(phase, when)) return;
  const [attributeName, edits] =
    phase === 'Clean'
      ? (['When="Before"', whenEdits(invoke, 'Before')] as const)
      : phase === 'Compile'
        ? (['When="After"', whenEdits(invoke, 'After')] as const)
        : (['Phase="Activate", or put the class into preload/', undefined] as const);
  context.report(
    'invoke-moment',
    at,
    `${name} is called in ${phase}/${when}`,
    `Use ${attributeName}.`,
    edits,
  );
}

function tooEarlyOrLate(phase: string, when: string): boolean {
  if (phase === 'Clean') return when === 'After';
  if (phase === 'Compile') return when === 'Before';
  return phase === 'Initialize' || phase === 'Reload' || phase === 'Validate' || phase === '*';
}

function whenEdits(invoke: XmlElement, value: string) {
  const when = attribute(invoke, 'When');
  return [when === undefined ? addAttribute(invoke, 'When', value) : setAttribute(when, value)];
}

/** Which classes exist when an Invoke runs. Names of classes are compared without case, as document names are. */
class ClassCover {
  readonly #documents: readonly string[];
  readonly #context: RuleContext;
  readonly #missed = new Set<string>();

  constructor(context: RuleContext) {
    this.#context = context;
    this.#documents = resourceElements(context.module)
      .filter((element) => element.name === 'Resource')
      .map((element) => (attributeValue(element, 'Name') ?? '').toLowerCase());
  }

  /** True once per class, so that its resource is added once. */
  firstMiss(className: string): boolean {
    const before = this.#missed.size;
    return this.#missed.add(className.toLowerCase()).size > before;
  }

  of(className: string): 'preload' | 'resource' | undefined {
    const { preloadedClasses, files } = this.#context;
    if (preloadedClasses.includes(className)) return 'preload';
    const asPath = className.replaceAll('.', '/');
    if (
      files?.kindOf(`preload/${asPath}.cls`) === 'file' ||
      files?.kindOf(`preload/${className}.cls`) === 'file'
    ) {
      return 'preload';
    }
    const parts = className.toLowerCase().split('.');
    const names = parts.slice(0, -1).map((_, i) => `${parts.slice(0, i + 1).join('.')}.pkg`);
    names.push(`${className.toLowerCase()}.cls`);
    return names.some((name) => this.#documents.includes(name)) ? 'resource' : undefined;
  }
}
