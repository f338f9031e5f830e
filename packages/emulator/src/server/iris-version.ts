import { IrisError } from '@iris-devtools/core';
import type { VersionParts } from '../classes/system/version.js';

/** Versions whose behaviour can be chosen; `latest` is the newest that the emulator knows. */
export type IrisVersion = '2024.1' | '2025.1' | 'latest';

const NUMBERS: Readonly<Record<IrisVersion, { readonly major: number; readonly minor: number }>> = {
  '2024.1': { major: 2024, minor: 1 },
  '2025.1': { major: 2025, minor: 1 },
  latest: { major: 2026, minor: 1 },
};

export const IRIS_VERSIONS = Object.keys(NUMBERS) as readonly IrisVersion[];

/** @throws IrisError IRIS_OPTION */
export function parseIrisVersion(text: string): IrisVersion {
  const version = IRIS_VERSIONS.find((known) => known === text);
  if (version === undefined) {
    throw new IrisError(`IRIS version ${JSON.stringify(text)} cannot be emulated`, {
      code: 'IRIS_OPTION',
      hint: `Choose one of ${IRIS_VERSIONS.join(', ')}.`,
    });
  }
  return version;
}

/** Built like `$ZVERSION`, so that clients find the number, and plain about what answers. */
export function versionParts(version: IrisVersion): VersionParts {
  const { major, minor } = NUMBERS[version];
  const text = `IRIS for UNIX (iris-devtools emulator, not InterSystems IRIS) ${major}.${minor} (Build 0U)`;
  return { major, minor, text };
}
