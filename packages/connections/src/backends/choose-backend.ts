import type { ResolvedConfig } from '@iris-devtools/config';
import { IrisError } from '@iris-devtools/core';
import type { Backend, BackendName } from './backend.js';
import { irispython } from './irispython.js';
import { native } from './native.js';
import { wire } from './wire.js';

export interface SkippedBackend {
  readonly name: BackendName;
  readonly reason: string;
}

export interface ChosenBackend {
  readonly backend: Backend;
  /** Those that were looked at first, or were not needed, each with the reason. */
  readonly skipped: readonly SkippedBackend[];
}

/** In order of preference. */
const BACKENDS: readonly Backend[] = [wire, native, irispython];

/** @throws IrisError `IRIS_UNSUPPORTED` when the one asked for, or every one, cannot be used; it lists the reasons */
export function chooseBackend(config: ResolvedConfig): ChosenBackend {
  const skipped: SkippedBackend[] = [];
  let chosen: Backend | undefined;
  for (const backend of BACKENDS) {
    const reason = reasonToSkip(backend, config, chosen);
    if (reason === null) chosen = backend;
    else skipped.push({ name: backend.name, reason });
  }
  if (chosen !== undefined) return { backend: chosen, skipped };
  throw new IrisError(
    `No usable client: ${skipped.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
    { code: 'IRIS_UNSUPPORTED', hint: 'Use driver "auto" or "wire".', details: { skipped } },
  );
}

function reasonToSkip(backend: Backend, config: ResolvedConfig, chosen: Backend | undefined): string | null {
  const wanted = config.settings.driver;
  if (wanted !== 'auto' && wanted !== backend.name) return `driver ${wanted} was asked for`;
  if (chosen !== undefined) return `${chosen.name} is usable and preferred`;
  return backend.unavailable(config);
}
