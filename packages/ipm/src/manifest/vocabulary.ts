/** Phases that `Invoke` and `CPF` accept. Source: IPM 0.10, datatype of InvokeReference.Phase; exact case. */
export const PHASES = [
  'Clean',
  'Initialize',
  'Reload',
  '*',
  'Validate',
  'ExportData',
  'Compile',
  'Activate',
  'Document',
  'MakeDeployed',
  'Test',
  'Package',
  'Verify',
  'Publish',
  'Configure',
  'Unconfigure',
  'ApplyUpdateSteps',
] as const;

export type Phase = (typeof PHASES)[number];

export const WHENS = ['Before', 'After'] as const;

export type When = (typeof WHENS)[number];

/** Elements of `<Module>` that are properties of the module itself. Source: IPM's Storage.Module. */
export const MODULE_PROPERTIES = [
  'Name',
  'Version',
  'ExternalName',
  'Description',
  'Keywords',
  'Author',
  'Packaging',
  'LifecycleClass',
  'SourcesRoot',
  'SystemRequirements',
  'Dependencies',
  'Default',
  'Parameter',
  'Defaults',
  'Invoke',
  'Mapping',
  'Mappings',
  'Resources',
  'AfterInstallMessage',
  'InstallerClass',
  'UpdatePackage',
  'IncludeTests',
  'Deployed',
  'GlobalScope',
  'AvailabilityClass',
] as const;

/** Attributes that every resource may carry, whatever its element. Source: IPM's Storage.ResourceReference. */
export const COMMON_RESOURCE_ATTRIBUTES = ['Name', 'Scope', 'Preload', 'Generated', 'Deploy'] as const;

/**
 * Resource elements (each is a resource processor class of IPM) with their attributes;
 * `undefined`: the attributes are not checked, because the element is not for new modules.
 * `WebApplication` is absent here: its attributes are the table in security-applications.ts.
 */
export const RESOURCE_ELEMENTS: Readonly<Record<string, readonly string[] | undefined>> = {
  Resource: [
    'Directory',
    'ProcessorClass',
    'Flags',
    'CompileAfter',
    'Compile',
    'Format',
    'LoadAsDirectory',
    'Path',
    'SourcePath',
    'DeployPath',
  ],
  FileCopy: ['SourceDirectory', 'InstallDirectory', 'Target', 'Dest', 'Overlay', 'Defer', 'CSPApplication'],
  PythonWheel: ['Directory', 'ExtraPipFlags'],
  CPF: ['Directory', 'Phase', 'When', 'CustomPhase'],
  Test: ['Package', 'Class', 'Phase', 'ManagerClass', 'Format', 'ExportFlags'],
  UnitTest: ['Package', 'Class', 'Phase', 'ManagerClass', 'Format', 'ExportFlags'],
  SystemSetting: ['Value'],
  CSPApplication: undefined,
  Copy: undefined,
  ModuleExport: undefined,
  LocalizationExport: undefined,
  LegacyLocalizedMessages: undefined,
  ArtifactoryTarball: undefined,
};

/** Document types that `<Resource Name="X.EXT">` may name. */
export const DOCUMENT_TYPES = [
  'PKG',
  'CLS',
  'INC',
  'MAC',
  'INT',
  'GBL',
  'LOC',
  'DFI',
  'LUT',
  'X12',
  'ESD',
  'HL7',
  'DTL',
  'BPL',
  'PTD',
  'RUL',
] as const;

export const SYSTEM_REQUIREMENT_ATTRIBUTES = [
  'Version',
  'Interoperability',
  'Health',
  'IPMVersion',
  'PythonVersion',
] as const;

export const INVOKE_ATTRIBUTES = ['Class', 'Method', 'Phase', 'When', 'CustomPhase', 'CheckStatus'] as const;

/** The dispatch class of every Python web application. */
export const WSGI_DISPATCH_CLASS = '%SYS.Python.WSGI';

/** Lengths that IPM or IRIS store at most, in characters. */
export const LIMITS = {
  moduleNameChars: 100,
  versionChars: 100,
  sourcesRootChars: 20,
  defaultValueChars: 1000,
  resourceNameChars: 255,
  invokeTextChars: 255,
  webApplicationNameChars: 64,
} as const;
