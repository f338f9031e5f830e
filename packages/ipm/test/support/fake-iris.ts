import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeState {
  readonly iris: string;
  readonly ipm: 'present' | 'too-old' | 'missing';
  readonly ipmVersion: string;
  readonly modules: Readonly<
    Record<
      string,
      { readonly version: string; readonly webApps: readonly string[]; readonly requiredBy?: string }
    >
  >;
  readonly webApps: readonly string[];
  readonly fail?: { readonly phase: string; readonly text: string; readonly leavesModule?: boolean };
  /** The form of failure that IPM does not report. */
  readonly ignoresWebApps?: boolean;
  readonly forgetsModule?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
  /** Written by the fake. */
  readonly lastLoad?: { readonly path: string; readonly flags: readonly string[] };
  readonly lines?: readonly string[];
}

const EMPTY: FakeState = { iris: '2025.1', ipm: 'present', ipmVersion: '0.10.9', modules: {}, webApps: [] };

/** A directory with the state of one fake instance; `program` is what to run in place of `iris`. */
export class FakeIris {
  readonly program = join(__dirname, 'fake-iris.mjs');
  readonly directory = mkdtempSync(join(tmpdir(), 'ipm-test-'));

  constructor(state: Partial<FakeState> = {}) {
    this.set({ ...EMPTY, ...state });
    process.env['FAKE_IRIS_STATE'] = this.#file;
  }

  get #file(): string {
    return join(this.directory, 'state.json');
  }

  get state(): FakeState {
    return JSON.parse(readFileSync(this.#file, 'utf8')) as FakeState;
  }

  set(state: Partial<FakeState>): void {
    writeFileSync(this.#file, JSON.stringify(state));
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
