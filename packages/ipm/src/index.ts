export { buildManifest } from './manifest/build-manifest.js';
export { expressions, parameter } from './manifest/expressions.js';
export { asgiApplication, parseAppName, wsgiApplication } from './manifest/wsgi-application.js';
export { AUTHENTICATION_BITS, autheEnabled } from './manifest/security-applications.js';
export { allows, parseVersion, parseVersionRange } from './manifest/version.js';
export { requirementNames } from './manifest/requirement-names.js';
export { PHASES } from './manifest/vocabulary.js';

export { validateManifest } from './validate/validate-manifest.js';
export { fixManifest } from './validate/fix-manifest.js';
export { RULES } from './validate/rules.js';

export { generateTcpService } from './objectscript/tcp-service.js';
export { generateWebAppInstaller } from './objectscript/web-app-installer.js';
export { stringLiteral, textExpression } from './objectscript/literals.js';

export { moduleTemplate, MODULE_KINDS } from './scaffold/module-template.js';
export { tcpServiceModule } from './scaffold/tcp-service-module.js';

export { collectFiles } from './pack/module-files.js';
export { openModuleDirectory, validateModuleDirectory } from './pack/module-directory.js';
export { packModule } from './pack/pack-module.js';

export { installModule } from './install/install-module.js';
export { uninstallModule } from './install/uninstall-module.js';
export { listModules, verifyModule } from './install/module-state.js';
export { IrisSession, stripColours } from './install/iris-session.js';
export { parseIpmOutput } from './install/ipm-output.js';
export { terminalString } from './install/ipm-command.js';

export { ContainerTarget } from './target/container-target.js';
export { LocalTarget } from './target/local-target.js';

export type {
  CpfMerge,
  DocumentResource,
  FileCopy,
  Invoke,
  InvokeMoment,
  LifecycleDefault,
  ModuleAuthor,
  ModuleDependency,
  ModuleInvoke,
  ModuleManifest,
  ModuleParameter,
  ModuleResource,
  NamespaceMapping,
  PythonWheel,
  SafePhase,
  SystemInvoke,
  SystemRequirements,
  TestResource,
  WebApplication,
} from './manifest/module-manifest.js';
export type { ApplicationProperties, AuthenticationMethod } from './manifest/security-applications.js';
export type { PythonApplicationOptions } from './manifest/wsgi-application.js';
export type { Version, VersionRange } from './manifest/version.js';
export type { Phase, When } from './manifest/vocabulary.js';
export type { Finding, ModuleFiles } from './validate/finding.js';
export type { FixResult } from './validate/fix-manifest.js';
export type { RuleId, Severity } from './validate/rules.js';
export type { TextEdit } from './validate/edits.js';
export type { ValidateOptions } from './validate/validate-manifest.js';
export type { ServiceText, TcpServiceOptions } from './objectscript/tcp-service-options.js';
export type { WebAppInstallerOptions } from './objectscript/web-app-installer.js';
export type { ModuleKind, TemplateOptions } from './scaffold/module-template.js';
export type { GeneratedFiles, TcpServiceModuleOptions } from './scaffold/tcp-service-module.js';
export type { CollectOptions, ModuleFile } from './pack/module-files.js';
export type { ModuleDirectory } from './pack/module-directory.js';
export type { PackOptions, PackResult } from './pack/pack-module.js';
export type { InstallOptions, InstallResult } from './install/install-module.js';
export type { UninstallOptions, UninstallResult } from './install/uninstall-module.js';
export type { InstalledModule, ModuleQuery, ModuleState } from './install/module-state.js';
export type { IrisSessionOptions, SessionOutput } from './install/iris-session.js';
export type { IpmOutput, PhaseOutcome } from './install/ipm-output.js';
export type { ContainerTargetOptions } from './target/container-target.js';
