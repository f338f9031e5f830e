import { IrisError } from '@iris-devtools/core';
import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import { validateManifest } from '../validate/validate-manifest.js';
import { APPLICATION_PROPERTIES, applicationProperty, autheEnabled } from './security-applications.js';
import type { Invoke, ModuleManifest, ModuleResource } from './module-manifest.js';

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * module.xml for a module: stable order, two blanks of indentation, attributes in the order of IRIS's class reference.
 * What the types cannot rule out (lengths, names, duplicates, an invoke whose class is not in the module) is checked by
 * `validateManifest`; an error finding throws.
 *
 * @throws IrisError `IRIS_VALIDATION` with all findings in `details.findings`.
 */
export function buildManifest(manifest: ModuleManifest): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const module = document
    .ele('Export', { generator: 'Cache', version: '25' })
    .ele('Document', { name: `${manifest.name}.ZPM` })
    .ele('Module');
  try {
    writeMetadata(module, manifest);
    writeRequirements(module, manifest);
    for (const resource of manifest.resources) writeResource(module, resource);
    for (const invoke of manifest.invokes ?? []) writeInvoke(module, invoke);
    leaf(module, 'AfterInstallMessage', manifest.afterInstallMessage);
  } catch (cause) {
    throw new IrisError('The manifest holds a character that XML cannot hold', {
      code: 'IRIS_VALIDATION',
      hint: 'Remove control characters from names, values and arguments.',
      cause,
    });
  }
  const text = `${document.end({ prettyPrint: true, indent: '  ' })}\n`;
  refuseErrors(text, manifest);
  return text;
}

function refuseErrors(text: string, manifest: ModuleManifest): void {
  const preloaded = (manifest.invokes ?? []).flatMap((invoke) =>
    'preloaded' in invoke ? [invoke.class] : [],
  );
  const findings = validateManifest(text, { preloadedClasses: preloaded });
  const errors = findings.filter((finding) => finding.severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length === 1 ? '' : ` (and ${String(errors.length - 1)} more)`;
  throw new IrisError(`The module cannot be built: ${first.message}${more}`, {
    code: 'IRIS_VALIDATION',
    hint: first.fix,
    details: { findings: errors },
  });
}

function writeMetadata(module: XMLBuilder, manifest: ModuleManifest): void {
  leaf(module, 'Name', manifest.name);
  leaf(module, 'ExternalName', manifest.externalName);
  leaf(module, 'Version', manifest.version);
  leaf(module, 'Description', manifest.description);
  leaf(module, 'Keywords', manifest.keywords?.join(','));
  if (manifest.author !== undefined) {
    const author = module.ele('Author');
    leaf(author, 'Person', manifest.author.person);
    leaf(author, 'Organization', manifest.author.organization);
    leaf(author, 'CopyrightDate', manifest.author.copyrightDate);
    leaf(author, 'License', manifest.author.license);
    leaf(author, 'Notes', manifest.author.notes);
  }
  leaf(module, 'Packaging', manifest.packaging ?? 'module');
  leaf(module, 'LifecycleClass', manifest.lifecycleClass);
}

function writeRequirements(module: XMLBuilder, manifest: ModuleManifest): void {
  const requirements = manifest.systemRequirements;
  if (requirements !== undefined) {
    element(module, 'SystemRequirements', {
      Version: requirements.iris,
      Interoperability: requirements.interoperability,
      Health: requirements.health,
      PythonVersion: requirements.python,
    });
  }
  leaf(module, 'SourcesRoot', manifest.sourcesRoot);
  if (manifest.dependencies !== undefined && manifest.dependencies.length > 0) {
    const dependencies = module.ele('Dependencies');
    for (const { name, version, scope } of manifest.dependencies) {
      const reference = element(dependencies, 'ModuleReference', { Scope: scope });
      leaf(reference, 'Name', name);
      leaf(reference, 'Version', version);
    }
  }
  for (const { name, value } of manifest.parameters ?? []) {
    element(module, 'Default', { Name: name, Value: value });
  }
  if (manifest.lifecycleDefaults !== undefined && manifest.lifecycleDefaults.length > 0) {
    const defaults = module.ele('Defaults');
    for (const { name, value, lifecycleClass } of manifest.lifecycleDefaults) {
      element(defaults, 'Parameter', { Name: name, LifecycleClass: lifecycleClass }).txt(value);
    }
  }
  for (const { name, source } of manifest.mappings ?? []) {
    element(module, 'Mapping', { Name: name, Source: source });
  }
  leaf(module, 'InstallerClass', manifest.installerClass);
  leaf(module, 'UpdatePackage', manifest.updatePackage);
}

function writeResource(module: XMLBuilder, resource: ModuleResource): void {
  switch (resource.kind) {
    case 'document':
      element(module, 'Resource', {
        Name: resource.name,
        Directory: resource.directory,
        Scope: resource.scope,
        Preload: resource.preload,
        Generated: resource.generated,
      });
      break;
    case 'file-copy':
      element(module, 'FileCopy', {
        Name: resource.source,
        Target: resource.target,
        Overlay: resource.overlay,
        Defer: resource.defer,
      });
      break;
    case 'web-application':
      element(module, 'WebApplication', {
        Name: resource.name,
        ...inOrder({
          ...checkNames(resource.properties),
          AutheEnabled: autheEnabled(resource.authentication),
        }),
      });
      break;
    case 'python-wheel':
      element(module, 'PythonWheel', {
        Name: resource.name,
        Directory: resource.directory,
        ExtraPipFlags: resource.extraPipFlags,
      });
      break;
    case 'cpf':
      element(module, 'CPF', {
        Name: resource.name,
        Directory: resource.directory,
        Phase: resource.phase,
        When: resource.when,
      });
      break;
    case 'test':
      element(module, 'Test', {
        Name: resource.name,
        Package: 'package' in resource ? resource.package : undefined,
        Class: 'class' in resource ? resource.class : undefined,
        Phase: resource.phase,
      });
      break;
  }
}

function checkNames(properties: Attributes): Attributes {
  const unknown = Object.keys(properties).find((name) => applicationProperty(name) === undefined);
  if (unknown !== undefined || Object.hasOwn(properties, 'AutheEnabled')) {
    throw new IrisError(`${unknown ?? 'AutheEnabled'} cannot be set through properties`, {
      code: 'IRIS_OPTION',
      hint: 'Use a property of Security.Applications; ways to log in belong in `authentication`.',
    });
  }
  return properties;
}

/** In the order of the table, so that the order in which a caller wrote them does not show. */
function inOrder(properties: Attributes): Attributes {
  return Object.fromEntries(Object.keys(APPLICATION_PROPERTIES).map((name) => [name, properties[name]]));
}

function writeInvoke(module: XMLBuilder, invoke: Invoke): void {
  const target = element(module, 'Invoke', {
    Class: invoke.class,
    Method: invoke.method,
    Phase: 'phase' in invoke ? invoke.phase : undefined,
    CustomPhase: 'customPhase' in invoke ? invoke.customPhase : undefined,
    When: invoke.when,
    // Before IPM 0.10.5 a failing %Status is ignored unless this is written.
    CheckStatus: invoke.checkStatus === false ? undefined : 'true',
  });
  for (const arg of invoke.args ?? []) {
    const node = target.ele('Arg');
    if (arg !== '') node.txt(arg);
  }
}

function element(parent: XMLBuilder, name: string, attributes: Attributes): XMLBuilder {
  const node = parent.ele(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const written = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
    // An XML reader turns a line break or tab inside an attribute into a blank.
    if (/[\t\r\n]/.test(written)) throw new Error(`${name}/@${key} holds a line break or tab`);
    node.att(key, written);
  }
  return node;
}

function leaf(parent: XMLBuilder, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') parent.ele(name).txt(value);
}
