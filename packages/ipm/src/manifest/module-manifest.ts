import type { ApplicationProperties, AuthenticationMethod } from './security-applications.js';
import type { Phase, When } from './vocabulary.js';

/** What `buildManifest` writes. Texts may hold `${...}`; see `expressions` and `parameter`. */
export interface ModuleManifest {
  /** Letters, digits, `.`, `_`, `-`; at most 100 characters. IPM stores it in lower case. */
  readonly name: string;
  /** Semantic version. IPM refuses to load a lower one over a higher one. */
  readonly version: string;
  readonly externalName?: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly author?: ModuleAuthor;
  readonly packaging?: 'module' | 'studio-project';
  readonly lifecycleClass?: string;
  /** Where sources are below the module's root; at most 20 characters. */
  readonly sourcesRoot?: string;
  readonly systemRequirements?: SystemRequirements;
  readonly dependencies?: readonly ModuleDependency[];
  /** Values for `${Name}`, overridable at install time with `-DName=value`. */
  readonly parameters?: readonly ModuleParameter[];
  readonly lifecycleDefaults?: readonly LifecycleDefault[];
  readonly mappings?: readonly NamespaceMapping[];
  /** Documents are processed first, by name; all others in this order. */
  readonly resources: readonly ModuleResource[];
  /** Run in this order within their phase. */
  readonly invokes?: readonly Invoke[];
  readonly installerClass?: string;
  /** Package with update steps. Needs IPM 0.10.4. */
  readonly updatePackage?: string;
  /** Printed only after full success. */
  readonly afterInstallMessage?: string;
}

export interface ModuleAuthor {
  readonly person?: string;
  readonly organization?: string;
  readonly copyrightDate?: string;
  readonly license?: string;
  readonly notes?: string;
}

export interface SystemRequirements {
  /** Range for IRIS's `major.minor`, e.g. `>=2024.1`. */
  readonly iris?: string;
  readonly interoperability?: 'enabled' | 'disabled';
  readonly health?: boolean;
  /** Range for embedded Python. Needs IPM 0.10.4. */
  readonly python?: string;
}

export interface ModuleDependency {
  readonly name: string;
  /** Version range; required by IPM before 0.10.7. */
  readonly version: string;
  readonly scope?: 'test' | 'verify';
}

export interface ModuleParameter {
  readonly name: string;
  /** At most 1,000 characters. */
  readonly value: string;
}

/** A default of the lifecycle, e.g. `Verbose`. */
export interface LifecycleDefault {
  readonly name: string;
  readonly value: string;
  readonly lifecycleClass?: string;
}

export interface NamespaceMapping {
  /** `X.PKG`, `x.GBL`, `x.INC`, `x.MAC`; without a type it is a routine. */
  readonly name: string;
  /** The database. */
  readonly source: string;
}

export type ModuleResource =
  DocumentResource | FileCopy | WebApplication | PythonWheel | CpfMerge | TestResource;

/** A class, package, include file, routine, ... that is loaded from a file below the sources root. */
export interface DocumentResource {
  readonly kind: 'document';
  /** `My.Pkg.PKG`, `My.Class.CLS`, `My.INC`, ... */
  readonly name: string;
  readonly directory?: string;
  readonly scope?: 'test' | 'verify';
  readonly preload?: boolean;
  readonly generated?: boolean;
}

/** Copies in the Activate phase and removes the copy in Clean. */
export interface FileCopy {
  readonly kind: 'file-copy';
  /** From the module's root (not the sources root), with a leading `/`; a directory ends with `/`. */
  readonly source: string;
  /** A directory of this module's own: it is emptied before copying and removed by uninstall. */
  readonly target: string;
  /** Keep what is already in the target directory. */
  readonly overlay?: boolean;
  /** Copy at the end of Activate, after its invokes. */
  readonly defer?: boolean;
}

/** A record in `Security.Applications`. */
export interface WebApplication {
  readonly kind: 'web-application';
  /** URL path: leading `/`, no trailing one, at most 64 characters. */
  readonly name: string;
  /** Ways to log in. Required: IRIS's default is unauthenticated. */
  readonly authentication: readonly AuthenticationMethod[];
  readonly properties: Omit<ApplicationProperties, 'AutheEnabled'>;
}

/** A wheel below `directory` (default `wheels`), installed with pip. Needs IPM 0.10. */
export interface PythonWheel {
  readonly kind: 'python-wheel';
  readonly name: string;
  readonly directory?: string;
  readonly extraPipFlags?: string;
}

/** A configuration merge file below `<sourcesRoot>/<directory>` (default `cpf`). Needs IPM 0.10. */
export interface CpfMerge {
  readonly kind: 'cpf';
  readonly name: string;
  readonly directory?: string;
  readonly phase?: Phase;
  readonly when?: When;
}

/** Unit tests in a directory, of one package or one class. Needs IPM 0.9. */
export type TestResource = {
  readonly kind: 'test';
  readonly name: string;
  readonly phase?: 'test' | 'verify' | 'test,verify';
} & ({ readonly package: string } | { readonly class: string });

interface InvokeBase {
  readonly method: string;
  /** At most 255 characters each. */
  readonly args?: readonly string[];
  /** The method returns `%Status` and a failing one fails the phase. Default true; false for a method without that result. */
  readonly checkStatus?: boolean;
}

/** Phases in which the module's own classes exist in full: they run at either end. */
export type SafePhase = Exclude<Phase, 'Clean' | 'Initialize' | 'Reload' | '*' | 'Validate' | 'Compile'>;

export type InvokeMoment =
  | { readonly phase: SafePhase; readonly when: When }
  | { readonly phase: 'Clean'; readonly when: 'Before' }
  | { readonly phase: 'Compile'; readonly when: 'After' }
  /** Run with `zpm "<module> <customPhase>"`. Needs IPM 0.10. */
  | { readonly customPhase: string; readonly when: When };

/** A call of a class of this module, when that class is compiled and not yet deleted. */
export type ModuleInvoke = InvokeBase & { readonly class: string } & InvokeMoment;

/** A call of a class that IRIS has anyway, or that lies in `preload/`: any phase. */
export type SystemInvoke = InvokeBase &
  ({ readonly class: `%${string}` } | { readonly class: string; readonly preloaded: true }) & {
    readonly phase: Phase;
    readonly when: When;
  };

export type Invoke = ModuleInvoke | SystemInvoke;
