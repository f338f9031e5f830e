/**
 * Semantic versions and version ranges as IPM understands them.
 * Source: IPM's General.SemanticVersion and SemanticVersionExpression; grammar of versions: semver.org 2.0.0.
 */

const NUMBER = '(?:0|[1-9]\\d*)';
const PRERELEASE_ID = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
const VERSION = new RegExp(
  `^(${NUMBER})\\.(${NUMBER})\\.(${NUMBER})(?:-(${PRERELEASE_ID}(?:\\.${PRERELEASE_ID})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

export interface Version {
  readonly release: readonly [number, number, number];
  readonly prerelease: string | undefined;
}

/** `undefined`: the text is not a semantic version. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  return { release: [Number(match[1]), Number(match[2]), Number(match[3])], prerelease: match[4] };
}

/** A half-open interval of releases: `from <= v < below`. */
interface Interval {
  readonly from: readonly number[];
  readonly below: readonly number[] | undefined;
}

/** Alternatives; each is a list of intervals that all have to hold. */
export type VersionRange = readonly (readonly Interval[])[];

const PART = /^(\d+|x|X|\*)(?:\.(\d+|x|X|\*))?(?:\.(\d+|x|X|\*))?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** The range that an attribute such as `SystemRequirements/@Version` holds; `undefined` when IPM cannot read it. */
export function parseVersionRange(text: string): VersionRange | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  // IPM refuses an expression that has both operators.
  if (trimmed.includes('||') && trimmed.includes('&&')) return undefined;
  const alternatives: Interval[][] = [];
  for (const part of trimmed.split('||')) {
    const all = parseConjunction(part.replaceAll('&&', ' '));
    if (all === undefined) return undefined;
    alternatives.push(all);
  }
  return alternatives;
}

function parseConjunction(text: string): Interval[] | undefined {
  // `a - b`: the blanks around the hyphen tell it from a prerelease.
  const hyphen = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(text);
  if (hyphen !== null) {
    const low = parsePartial(hyphen[1] ?? '');
    const high = parsePartial(hyphen[2] ?? '');
    return low && high ? [{ from: pad(low), below: next(pad(high), 2) }] : undefined;
  }
  const words = text
    .replaceAll(/(>=|<=|>|<|=|\^|~)\s+/g, '$1')
    .trim()
    .split(/\s+/);
  const intervals = words.map(parseComparator);
  return intervals.every((interval) => interval !== undefined) ? intervals : undefined;
}

function parseComparator(word: string): Interval | undefined {
  const match = /^(>=|<=|>|<|=|\^|~)?(.+)$/.exec(word);
  const parts = parsePartial(match?.[2] ?? '');
  if (parts === undefined) return undefined;
  const from = pad(parts);
  switch (match?.[1]) {
    case '>=':
      return { from, below: undefined };
    case '>':
      return { from: next(from, 2), below: undefined };
    case '<':
      return { from: [0, 0, 0], below: from };
    case '<=':
      return { from: [0, 0, 0], below: next(from, 2) };
    case '^':
      return {
        from,
        below: next(
          from,
          Math.max(
            0,
            from.findIndex((part) => part > 0),
          ),
        ),
      };
    case '~':
      return { from, below: next(from, parts.length === 1 ? 0 : 1) };
    default:
      return wildcardOrExact(word, parts);
  }
}

/** `2024.1` alone is exactly 2024.1.0; only an `x` or `*` leaves a part open. */
function wildcardOrExact(word: string, parts: readonly number[]): Interval {
  if (!/[xX*]/.test(word.replace(/[-+].*$/, ''))) return { from: pad(parts), below: next(pad(parts), 2) };
  return { from: pad(parts), below: parts.length === 0 ? undefined : next(pad(parts), parts.length - 1) };
}

/** The leading numbers before the first wildcard. */
function parsePartial(text: string): number[] | undefined {
  const match = PART.exec(text);
  if (match === null) return undefined;
  const parts: number[] = [];
  // Groups that did not take part are `undefined`, which the type of match does not say.
  for (const part of match.slice(1, 4).filter(Boolean)) {
    if (!/^\d+$/.test(part)) break;
    parts.push(Number(part));
  }
  return parts;
}

const pad = (parts: readonly number[]): number[] => [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0];

/** The first version after all those that agree with `parts` up to `index`. */
function next(parts: readonly number[], index: number): number[] {
  return parts.map((part, i) => (i < index ? part : i === index ? part + 1 : 0));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Does the range allow this release? Prereleases are not looked at: IRIS versions have none. */
export function allows(range: VersionRange, release: readonly number[]): boolean {
  return range.some((all) =>
    all.every(
      ({ from, below }) =>
        compare(release, from) >= 0 && (below === undefined || compare(release, below) < 0),
    ),
  );
}

/** Less than 0, 0 or more than 0, by release only. */
export function compareReleases(a: Version, b: Version): number {
  return compare(a.release, b.release);
}

const FIRST_RELEASES = [1, 2, 3, 4];

/** True when an IRIS older than `year.minor` would pass this range. */
export function allowsOlderIris(range: VersionRange, year: number, minor: number): boolean {
  for (let y = 2018; y <= year; y++) {
    for (const m of FIRST_RELEASES) {
      if ((y < year || m < minor) && allows(range, [y, m, 0])) return true;
    }
  }
  return false;
}
