import type { Secret } from '@iris-devtools/core';
import { formatIrisUrl } from './iris-url.js';
import { OPTIONS, OPTION_NAMES, type DEFAULTS, type OptionName, type Settings } from './options.js';

/** Where a value came from; `undefined` when there is none. */
export type Origin = (name: OptionName) => string | undefined;

export interface Explanation {
  readonly option: OptionName;
  /** Ready to be shown: a secret is `[redacted]`. */
  readonly value: string | number | boolean;
  readonly source: string;
}

export type ConnectionSettings = Omit<Settings, 'password' | keyof typeof DEFAULTS> & {
  readonly [Name in keyof typeof DEFAULTS]: NonNullable<Settings[Name]>;
};

/** Settings that were found, each with its source. Printing or serialising one shows no secret. */
export class ResolvedConfig {
  readonly settings: ConnectionSettings;
  readonly password: Secret | undefined;
  readonly #origin: Origin;

  constructor(settings: Settings & ConnectionSettings, password: Secret | undefined, origin: Origin) {
    const { password: _secret, ...shown } = settings;
    this.settings = shown;
    this.password = password;
    this.#origin = origin;
  }

  /** One row for each setting that has a value: `port 1972 from container inspection (my-iris)`. */
  explain(): Explanation[] {
    return OPTION_NAMES.flatMap((option) => {
      const source = this.#origin(option);
      if (source === undefined) return [];
      const value =
        'secret' in OPTIONS[option]
          ? '[redacted]'
          : (this.settings[option as keyof ConnectionSettings] ?? '');
      return [{ option, value, source }];
    });
  }

  /** Who named this setting, e.g. `environment variable IRIS_PORT`. */
  sourceOf(option: OptionName): string | undefined {
    return this.#origin(option);
  }

  /** The URL without its password. */
  get url(): string {
    return formatIrisUrl(this.settings);
  }

  toString(): string {
    return this.url;
  }

  toJSON(): { readonly url: string; readonly explanation: readonly Explanation[] } {
    return { url: this.url, explanation: this.explain() };
  }
}
