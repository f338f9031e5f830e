import type { RawSettings } from './options.js';

/** Settings that one place gave, with the words that name the place: `environment variable IRIS_PORT`. */
export interface Finding {
  readonly settings: RawSettings;
  /** Names the place for one option. */
  readonly describe: (option: string) => string;
}

/** What a source may look at. Everything is injectable, so that tests and other programs see no surprises. */
export interface SourceContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings that better sources gave already; a source may need them (`container`, `profile`). */
  readonly known: RawSettings;
  readonly profile: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * One place where settings may come from. Returns null when the place has none.
 * `skip` sources are asked only while nobody has said which server to use.
 */
export interface Source {
  readonly name: string;
  readonly findsServer: boolean;
  find(context: SourceContext): Promise<Finding | null>;
}
