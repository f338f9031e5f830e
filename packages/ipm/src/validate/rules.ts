export type Severity = 'error' | 'warning' | 'info';

interface Rule {
  readonly severity: Severity;
  /** What IPM or IRIS does with it. */
  readonly why: string;
}

const error = (why: string) => ({ severity: 'error' as const, why });
const warning = (why: string) => ({ severity: 'warning' as const, why });
const info = (why: string) => ({ severity: 'info' as const, why });

/** Every rule of the validator. Source of the reasons: the sources of IPM 0.7 to 0.10 and IRIS's class reference. */
export const RULES = {
  'xml-syntax': error('IPM cannot read a file that is not well-formed XML.'),
  'export-root': error('IPM looks for /Export/Document/Module and finds no module anywhere else.'),
  'single-document': error('IPM refuses a module.xml with more or less than one Document.'),
  'document-name-attribute': error('XML tells upper from lower case: IPM reads the attribute `name` only.'),
  'document-name': error('IPM compares the document name with the module name and refuses a difference.'),
  'single-module': error('IPM reads exactly one Module in the Document.'),
  'repeated-element': error('The element has one value; which of two IPM keeps is not defined.'),
  'module-name': error('IPM stores the name in a document name of at most 100 characters without blanks.'),
  'module-version': error(
    'IPM reads versions as semantic versions: major.minor.patch without leading zeros.',
  ),
  'snapshot-version': warning('A prerelease sorts below its release, so a range such as >=1.0.0 skips it.'),
  'sources-root': error('IPM stores SourcesRoot in 20 characters and fails to save a longer one.'),
  packaging: error('No lifecycle class of IPM handles another kind of packaging.'),
  'author-text': warning('IPM reads Author through its child elements and ignores plain text.'),
  'default-value': error('IPM stores 255 characters of a default name and 1,000 of its value.'),
  'default-name': warning('A built-in expression of this name wins, so the default is never used.'),
  'parameter-text': error(
    'IPM turns a top-level Parameter into a Default and keeps its attributes only; the text is lost.',
  ),
  'unknown-element': error('IPM ignores elements that it does not know: no error, and nothing happens.'),
  'wsgi-element': error(
    'No IPM since 0.9 knows this element (0.7.2 to 0.7.4 had WSGIApplication, with attributes only): it is ignored without an error and no web application exists afterwards.',
  ),
  'deprecated-element': warning('IPM still reads this element, prints a warning and may drop it.'),
  'resource-child': error('IPM throws child elements of a resource away; only its attributes count.'),
  'invoke-child': error(
    'IPM reads Invoke strictly: a child element other than Arg makes the whole manifest fail to load.',
  ),
  'resource-name': error(
    'IPM takes an element for a resource only by its Name (or Url) attribute; without one it is ignored.',
  ),
  'unknown-attribute': warning('IPM ignores attributes that it does not know, without an error.'),
  'requirements-form': error(
    'IPM reads SystemRequirements strictly and from attributes only: a child element makes the manifest fail to load.',
  ),
  'version-range': error('IPM cannot read this as a version range, so the check fails or never holds.'),
  'ipm-version-requirement': warning(
    'IPM looks for itself in the table of the current namespace; where IPM is mapped from another namespace, the usual set-up, it finds nothing and refuses to install.',
  ),
  dependency: error('IPM reads a ModuleReference through its Name and Version child elements.'),
  'invoke-phase': error(
    'IPM 0.10 refuses phases that are not in its list; older ones accept them and never run the call.',
  ),
  'invoke-when': error('IPM accepts Before and After only, with this case.'),
  'invoke-required': error('IPM refuses an Invoke without Class or Method.'),
  'invoke-length': error('IPM stores at most 255 characters.'),
  'invoke-class': error(
    'The class is not loaded with the module, so the call ends in <CLASS DOES NOT EXIST> and the phase fails.',
  ),
  'invoke-moment': error('At that moment the class of the module is not compiled yet, or already deleted.'),
  'check-status': info(
    'Before IPM 0.10.5 a failing %Status of the method is ignored unless CheckStatus is true.',
  ),
  'web-name': error('IRIS wants a path with a leading slash, no trailing one and at most 64 characters.'),
  'web-url': warning(
    'Url is no property of Security.Applications; it works only because IRIS ignores unknown ones.',
  ),
  'web-attribute': error(
    'WebApplication passes attributes to Security.Applications, which ignores the names of CSPApplication without an error.',
  ),
  'web-value': error('The property of Security.Applications cannot hold this value.'),
  'web-open': warning(
    'Without AutheEnabled IRIS uses 64: anyone can call the application without logging in.',
  ),
  'web-unauthenticated': warning('Anyone can call the application without logging in.'),
  'web-namespace': warning('Before IPM 0.10.4 the default namespace of a web application is %SYS.'),
  'web-system-type': error('Type bit 5 makes a system application that cannot be deleted again.'),
  'wsgi-dispatch': error(
    'Without this dispatch class IRIS never reads the WSGI properties, and every URL answers 404.',
  ),
  'wsgi-required': error('IRIS needs the directory, the module and the callable to find the application.'),
  'wsgi-app-name': error(
    'IRIS imports this as a Python module; a path, a .py suffix or module:callable is no module name.',
  ),
  'wsgi-callable': error('IRIS looks for an attribute of the imported module with this name.'),
  'wsgi-type': error('IRIS knows 1 (WSGI) and 2 (ASGI).'),
  'wsgi-iris-version': warning(
    'IRIS serves WSGI applications since 2024.1; an older one installs the module and answers 404.',
  ),
  'asgi-iris-version': error('IRIS serves ASGI applications since 2024.2.'),
  'asgi-a2wsgi': error(
    'IRIS runs ASGI applications through the Python package a2wsgi, which has to be installed.',
  ),
  'wsgi-location': error('No FileCopy of the module puts files into this directory, so the import fails.'),
  'copy-slash': warning(
    'Without the leading slash the name must be unique in the whole namespace, and IPM up to 0.10.4 mishandles directories.',
  ),
  'copy-parent': error('A path that leaves the module does not exist once the module is packed.'),
  'copy-target': error('IPM requires InstallDirectory (or Target, or Dest); child elements do not count.'),
  'copy-shared-target': error(
    'IPM empties the target before copying and removes it on uninstall; this one belongs to others too.',
  ),
  'copy-directory-slash': warning(
    'A directory without a trailing slash is told from a file only by what is on disk.',
  ),
  'unknown-expression': error(
    'IPM leaves an expression that it does not know as it is, so the text itself is used.',
  ),
  'deprecated-expression': warning('IPM prints a warning for this expression and may drop it.'),
  'code-expression': warning(
    'An ObjectScript expression that fails evaluates to an empty value, without an error.',
  ),
  'duplicate-resource': error('IPM refuses a module that lists a resource more than once.'),
  'document-type': error('No resource processor of IPM handles this name: nothing happens.'),
  'document-type-case': warning('IPM compares document types in upper case in several places.'),
  'wheel-name': error('IPM accepts wheel file names of letters, digits, -, _ and . that end in .whl only.'),
  'wheel-directory': error('IPM accepts a relative directory without .. only.'),
  'cpf-phase': error('IPM accepts phases of its list and Before or After only.'),
  'test-scope': error('IPM needs either Package or Class to know which tests to run.'),
  'missing-file': error('The file is not in the module, so installing it fails or leaves it out.'),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;
