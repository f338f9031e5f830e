/** Plain releases of PEP 440, which most packages have; others are not compared. */
const RELEASE = /^\d+(?:\.\d+)*$/;
const SPECIFIER = /^(~=|==|!=|<=|>=|<|>)\s*(\d+(?:\.\d+)*)(\.\*)?$/;

/** Does a version meet specifiers such as `>=1.2,<2`? `undefined`: one of them is none that is compared here. */
export function satisfies(version: string, specifiers: string): boolean | undefined {
  const parts = specifiers
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (parts.length === 0) return true;
  if (!RELEASE.test(version)) return undefined;
  const results = parts.map((part) => satisfiesOne(version, part));
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

function satisfiesOne(version: string, specifier: string): boolean | undefined {
  const [, operator, bound = '', wildcard] = SPECIFIER.exec(specifier) ?? [];
  if (operator === undefined) return undefined;
  const isPrefix = wildcard !== undefined;
  if (isPrefix && operator !== '==' && operator !== '!=') return undefined;
  const order = compare(version, bound);
  switch (operator) {
    case '==':
      return isPrefix ? hasPrefix(version, bound) : order === 0;
    case '!=':
      return isPrefix ? !hasPrefix(version, bound) : order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    default:
      // `~=1.4.2` is `>=1.4.2, ==1.4.*`; it needs two numbers.
      return bound.includes('.')
        ? order >= 0 && hasPrefix(version, bound.slice(0, bound.lastIndexOf('.')))
        : undefined;
  }
}

/** Missing numbers count as 0: `1.0` is `1`. */
function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function hasPrefix(version: string, prefix: string): boolean {
  const left = numbers(version);
  return numbers(prefix).every((number, i) => (left[i] ?? 0) === number);
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
