/**
 * Feature hashing ("the hashing trick"): each word adds +-weight to one of `dimensions` buckets, chosen by a hash of the
 * word, so films that share words point the same way. No model, no training, the same numbers on every machine.
 */
export const DIMENSIONS = 1024;

/** 32-bit FNV-1a over UTF-8. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/** Words: runs of letters and digits, in lower case. */
export function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A feature and how much it counts. Names keep fields apart: the genre `drama` is not the title word `drama`. */
export interface Feature {
  readonly name: string;
  readonly weight: number;
}

/** A vector of length 1, its elements rounded to 6 decimal places; all zero when there is no feature. */
export function hashFeatures(features: readonly Feature[], dimensions = DIMENSIONS): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const { name, weight } of features) {
    const hash = fnv1a(name);
    const bucket = hash % dimensions;
    // The top bit is not part of the bucket (1,024 divides 2^32), so the sign is independent of it.
    const sign = hash >>> 31 === 0 ? 1 : -1;
    vector[bucket] = (vector[bucket] ?? 0) + sign * weight;
  }
  const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return norm === 0 ? vector : vector.map((x) => Number((x / norm).toFixed(6)));
}
