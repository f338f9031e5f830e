import { describe, expect, it } from '@jest/globals';
import { fixManifest, validateManifest } from '@iris-devtools/ipm';
import { change, manifest } from './support/manifests.js';

type Change = readonly [from: string, to: string];

/** Findings as `line rule`, in the order of the text. */
function found(text: string): string[] {
  return validateManifest(text).map(({ line, rule }) => `${String(line)} ${rule}`);
}

const invokeEnd = '<AfterInstallMessage>';
const long = (length: number) => 'x'.repeat(length);

/** name, manifest, changes, findings, and whether --fix leaves nothing behind. */
// prettier-ignore
const MUTATIONS: readonly (readonly [string, string, readonly Change[], readonly string[], 'fixed' | 'left'])[] = [
  ['document name in upper case', 'wsgi', [['Document name', 'Document Name']], ['3 document-name-attribute'], 'fixed'],
  ['no document name', 'wsgi', [[' name="orders.ZPM"', '']], ['3 document-name-attribute'], 'fixed'],
  ['another document name', 'wsgi', [['orders.ZPM', 'order.ZPM']], ['3 document-name'], 'fixed'],
  ['document name in another case is fine', 'wsgi', [['orders.ZPM', 'ORDERS.zpm']], [], 'fixed'],
  [
    'another root',
    'wsgi',
    [
      ['<Export generator="Cache" version="25">', '<Import>'],
      ['</Export>', '</Import>'],
    ],
    ['2 export-root'],
    'left',
  ],
  ['two documents', 'wsgi', [['</Export>', '<Document name="b.ZPM"/></Export>']], ['21 single-document'], 'left'],
  [
    'no document',
    'wsgi',
    [
      ['<Document name="orders.ZPM">', '<Doc>'],
      ['</Document>', '</Doc>'],
    ],
    ['2 single-document'],
    'left',
  ],
  ['two modules', 'wsgi', [['</Module>', '</Module><Module/>']], ['19 single-module'], 'left'],
  ['unclosed element', 'wsgi', [['</Module>', '']], ['20 xml-syntax'], 'left'],
  ['raw less-than', 'wsgi', [['&gt;=2024.1', '<2025']], ['9 xml-syntax'], 'left'],
  ['raw ampersand', 'wsgi', [['Order pages,', 'Orders & pages']], ['7 xml-syntax'], 'left'],
  ['document type', 'wsgi', [['<Export', '<!DOCTYPE Export [<!ENTITY a "b">]><Export']], ['2 xml-syntax'], 'left'],
  [
    'name with a blank',
    'wsgi',
    [
      ['<Name>orders<', '<Name>my orders<'],
      ['orders.ZPM', 'my orders.ZPM'],
    ],
    ['5 module-name'],
    'left',
  ],
  [
    'name too long',
    'wsgi',
    [
      ['<Name>orders<', `<Name>${long(101)}<`],
      ['orders.ZPM', `${long(101)}.ZPM`],
    ],
    ['5 module-name'],
    'left',
  ],
  ['no name', 'wsgi', [['<Name>orders</Name>', '']], ['4 module-name'], 'left'],
  ['name twice', 'wsgi', [['<Version>', '<Name>orders</Name><Version>']], ['6 repeated-element'], 'left'],
  ['two-part version', 'wsgi', [['1.4.0', '1.4']], ['6 module-version'], 'fixed'],
  ['leading zero in version', 'wsgi', [['1.4.0', '1.04.0']], ['6 module-version'], 'left'],
  ['no version', 'wsgi', [['<Version>1.4.0</Version>', '']], ['4 module-version'], 'left'],
  ['snapshot', 'wsgi', [['1.4.0', '1.4.0-SNAPSHOT']], ['6 snapshot-version'], 'left'],
  ['sources root of 21 characters', 'wsgi', [['>src<', `>${long(21)}<`]], ['10 sources-root'], 'left'],
  ['packaging application', 'wsgi', [['>module<', '>application<']], ['8 packaging'], 'left'],
  ['author as text', 'wsgi', [['<Packaging>', '<Author>Ann</Author><Packaging>']], ['8 author-text'], 'left'],
  ['default too long', 'wsgi', [['"hello"', `"${long(1001)}"`]], ['11 default-value'], 'left'],
  [
    'default named like an expression',
    'wsgi',
    [
      ['Name="Greeting"', 'Name="LibDir"'],
      ['${Greeting}', '${libdir}'],
    ],
    ['11 default-name'],
    'left',
  ],
  ['parameter with text', 'wsgi', [['<Default Name="Greeting" Value="hello"/>', '<Parameter Name="Greeting">hello</Parameter>']], ['11 parameter-text', '16 unknown-expression'], 'fixed'],
  ['misspelled element', 'wsgi', [['<WebApplication', '<WebAplication']], ['14 unknown-element'], 'fixed'],
  ['element in lower case', 'wsgi', [['<FileCopy', '<filecopy']], ['13 unknown-element', '14 wsgi-location'], 'fixed'],
  ['element of another tool', 'wsgi', [['<SourcesRoot>', '<Plugins/><SourcesRoot>']], ['10 unknown-element'], 'left'],
  ['own resource processor is fine', 'wsgi', [['<SourcesRoot>', '<My.Processor Name="a.txt"/><SourcesRoot>']], [], 'fixed'],
  [
    'web application in Resources',
    'wsgi',
    [
      ['<WebApplication', '<Resources><WebApplication'],
      ['WSGIDebug="0"/>', 'WSGIDebug="0"/></Resources>'],
    ],
    ['14 unknown-element'],
    'left',
  ],
  [
    'WSGIApplication of IPM 0.7',
    'wsgi',
    [
      ['WebApplication Name=', 'WSGIApplication Url='],
      ['AutheEnabled="32"', 'PasswordAuthEnabled="1" UnauthenticatedEnabled="0"'],
    ],
    ['14 wsgi-element'],
    'fixed',
  ],
  ['ASGIApplication', 'asgi', [['<WebApplication', '<ASGIApplication']], ['10 wsgi-element'], 'fixed'],
  ['WSGIApplication without a callable', 'wsgi', [[invokeEnd, `<WSGIApplication><URLPrefix>/x</URLPrefix></WSGIApplication>${invokeEnd}`]], ['18 wsgi-element'], 'left'],
  ['CSPApplication', 'wsgi', [[invokeEnd, `<CSPApplication Url="/csp/x"/>${invokeEnd}`]], ['18 deprecated-element'], 'left'],
  ['UnitTest', 'tcp', [['<Test ', '<UnitTest ']], ['21 deprecated-element'], 'fixed'],
  ['resource data in child elements', 'wsgi', [['<FileCopy Name="/src/python/" Target="${libdir}orders/"/>', '<FileCopy>\n<Source>/src/python/</Source>\n<Target>${libdir}orders/</Target>\n</FileCopy>']], ['14 resource-child', '17 wsgi-location'], 'fixed'],
  ['resource with a strange child', 'wsgi', [['<Resource Name="Orders.PKG"/>', '<Resource Name="Orders.PKG"><Note>a</Note></Resource>']], ['12 resource-child'], 'left'],
  ['resource without a name', 'wsgi', [[invokeEnd, `<Resource Directory="cls"/>${invokeEnd}`]], ['18 resource-name'], 'left'],
  ['attribute in another case', 'wsgi', [['Resource Name="Orders.PKG"', 'Resource Name="Orders.PKG" directory="cls"']], ['12 unknown-attribute'], 'fixed'],
  ['unknown attribute', 'wsgi', [['Resource Name="Orders.PKG"', 'Resource Name="Orders.PKG" Colour="red"']], ['12 unknown-attribute'], 'left'],
  ['requirements as children', 'wsgi', [['<SystemRequirements Version="&gt;=2024.1"/>', '<SystemRequirements><Version>IRIS&gt;=2024.1</Version></SystemRequirements>']], ['9 requirements-form'], 'fixed'],
  ['requirements with a strange child', 'wsgi', [['<SystemRequirements Version="&gt;=2024.1"/>', '<SystemRequirements Version="&gt;=2024.1"><Memory>1</Memory></SystemRequirements>']], ['9 requirements-form'], 'left'],
  ['product name in the range', 'wsgi', [['&gt;=2024.1', 'IRIS&gt;=2024.1']], ['9 version-range'], 'fixed'],
  ['no range at all', 'wsgi', [['&gt;=2024.1', 'latest']], ['9 version-range'], 'left'],
  ['both range operators', 'wsgi', [['&gt;=2024.1', '2024.1 || 2024.2 &amp;&amp; 2024.3']], ['9 version-range'], 'left'],
  ['IPMVersion', 'wsgi', [['SystemRequirements ', 'SystemRequirements IPMVersion="&gt;=0.9.0" ']], ['9 ipm-version-requirement'], 'left'],
  ['IRIS too old for WSGI', 'wsgi', [['&gt;=2024.1', '&gt;=2022.1']], ['9 wsgi-iris-version'], 'fixed'],
  ['no requirements for WSGI', 'wsgi', [['<SystemRequirements Version="&gt;=2024.1"/>', '']], ['14 wsgi-iris-version'], 'fixed'],
  ['IRIS too old for ASGI', 'asgi', [['>=2024.2', '>=2024.1']], ['8 asgi-iris-version'], 'fixed'],
  ['dependency without a version', 'tcp', [['<Version>^1.2.0</Version>', '']], ['10 dependency'], 'left'],
  ['dependency with a bad range', 'tcp', [['^1.2.0', '1.2.0+']], ['10 version-range'], 'left'],
  [
    'dependency as attributes',
    'tcp',
    [
      ['<ModuleReference>', '<Reference>'],
      ['</ModuleReference>', '</Reference>'],
    ],
    ['10 dependency'],
    'left',
  ],
  ['phase in lower case', 'wsgi', [['"Activate"', '"activate"']], ['15 invoke-phase'], 'fixed'],
  ['phase Setup', 'wsgi', [['"Activate"', '"Setup"']], ['15 invoke-phase'], 'left'],
  ['when in lower case', 'wsgi', [['"After"', '"after"']], ['15 invoke-when'], 'fixed'],
  ['when During', 'wsgi', [['"After"', '"During"']], ['15 invoke-when'], 'left'],
  ['invoke without a method', 'wsgi', [[' Method="Seed"', '']], ['15 invoke-required'], 'left'],
  ['argument of 256 characters', 'wsgi', [['${Greeting}', long(256)]], ['16 invoke-length'], 'left'],
  ['invoke with a description', 'wsgi', [['<Arg>', '<Description>say -- hello</Description><Arg>']], ['16 invoke-child'], 'fixed'],
  ['invoke attribute misspelled', 'wsgi', [['CheckStatus', 'Checkstatus']], ['15 check-status', '15 unknown-attribute'], 'fixed'],
  ['class not in the module', 'wsgi', [['Orders.PKG', 'Other.PKG']], ['15 invoke-class'], 'fixed'],
  ['system class is fine', 'wsgi', [['Orders.Setup', '%SYSTEM.OBJ']], [], 'fixed'],
  ['called after its class is gone', 'tcp', [['Phase="Clean" When="Before"', 'Phase="Clean" When="After"']], ['27 invoke-moment'], 'fixed'],
  ['called before it is compiled', 'wsgi', [['Phase="Activate" When="After"', 'Phase="Compile" When="Before"']], ['15 invoke-moment'], 'fixed'],
  ['called in Initialize', 'wsgi', [['Phase="Activate"', 'Phase="Initialize"']], ['15 invoke-moment'], 'left'],
  ['status not checked', 'wsgi', [[' CheckStatus="true"', '']], ['15 check-status'], 'left'],
  ['path without a slash', 'wsgi', [['"/orders"', '"orders"']], ['14 web-name'], 'fixed'],
  ['path with a trailing slash', 'wsgi', [['"/orders"', '"/orders/"']], ['14 web-name'], 'fixed'],
  ['path of 65 characters', 'wsgi', [['"/orders"', `"/${long(64)}"`]], ['14 web-name'], 'left'],
  ['path as Url', 'wsgi', [['WebApplication Name', 'WebApplication Url']], ['14 web-url'], 'fixed'],
  ['authentication of CSPApplication', 'wsgi', [['AutheEnabled="32"', 'PasswordAuthEnabled="1" UnauthenticatedEnabled="0"']], ['14 web-attribute', '14 web-attribute'], 'fixed'],
  ['Directory of CSPApplication', 'wsgi', [['Enabled="1"', 'Enabled="1" Directory="/x/"']], ['14 web-attribute'], 'fixed'],
  ['property misspelled', 'wsgi', [['MatchRoles', 'MatchRole']], ['14 unknown-attribute'], 'fixed'],
  ['no way to log in', 'wsgi', [[' AutheEnabled="32"', '']], ['14 web-open'], 'fixed'],
  ['open to everybody', 'wsgi', [['"32"', '"64"']], ['14 web-unauthenticated'], 'left'],
  ['AutheEnabled in words', 'wsgi', [['"32"', '"password"']], ['14 web-value'], 'left'],
  ['AutheEnabled computed', 'wsgi', [['"32"', '"#{32 + 64}"']], ['14 web-value', '14 code-expression'], 'left'],
  ['flag with a word', 'wsgi', [['Enabled="1"', 'Enabled="yes"']], ['14 web-value'], 'left'],
  ['property too long', 'wsgi', [['Enabled="1"', `Enabled="1" Description="${long(257)}"`]], ['14 web-value'], 'left'],
  ['system application', 'wsgi', [['Enabled="1"', 'Enabled="1" Type="34"']], ['14 web-system-type'], 'left'],
  ['no namespace', 'wsgi', [[' NameSpace="${namespace}"', '']], ['14 web-namespace'], 'fixed'],
  ['same path twice', 'wsgi', [[invokeEnd, `<WebApplication Name="/Orders" NameSpace="USER" AutheEnabled="32"/>${invokeEnd}`]], ['18 duplicate-resource'], 'left'],
  ['no dispatch class', 'wsgi', [[' DispatchClass="%SYS.Python.WSGI"', '']], ['14 wsgi-dispatch'], 'fixed'],
  ['another dispatch class', 'wsgi', [['%SYS.Python.WSGI', 'Orders.Rest']], ['14 wsgi-dispatch'], 'fixed'],
  ['no location', 'wsgi', [[' WSGIAppLocation="${libdir}orders/"', '']], ['14 wsgi-required'], 'left'],
  ['no callable', 'wsgi', [[' WSGICallable="app"', '']], ['14 wsgi-required'], 'left'],
  ['module:callable', 'wsgi', [['WSGIAppName="orders_wsgi" WSGICallable="app"', 'WSGIAppName="orders_wsgi:main"']], ['14 wsgi-app-name'], 'fixed'],
  ['module:callable against WSGICallable', 'wsgi', [['"orders_wsgi"', '"orders_wsgi:main"']], ['14 wsgi-app-name'], 'left'],
  ['file name as module', 'wsgi', [['"orders_wsgi"', '"orders/wsgi.py"']], ['14 wsgi-app-name'], 'fixed'],
  ['module that is no name', 'wsgi', [['"orders_wsgi"', '"orders wsgi"']], ['14 wsgi-app-name'], 'left'],
  ['callable that is no name', 'wsgi', [['"app"', '"create_app()"']], ['14 wsgi-callable'], 'left'],
  [
    'WSGIType 0',
    'asgi',
    [
      ['WSGIType="2"', 'WSGIType="0"'],
      ['2024.2', '2024.1'],
    ],
    ['18 wsgi-type'],
    'left',
  ],
  ['location that nothing fills', 'wsgi', [['WSGIAppLocation="${libdir}orders/"', 'WSGIAppLocation="${libdir}order/"']], ['14 wsgi-location'], 'left'],
  ['location in another spelling is fine', 'wsgi', [['WSGIAppLocation="${libdir}orders/"', 'WSGIAppLocation="{$LibDir}orders"']], [], 'fixed'],
  ['location below a copied directory is fine', 'wsgi', [['WSGIAppLocation="${libdir}orders/"', 'WSGIAppLocation="${libdir}orders/web/"']], [], 'fixed'],
  ['copy without a leading slash', 'wsgi', [['"/src/python/"', '"src/python/"']], ['13 copy-slash'], 'fixed'],
  ['copy from outside', 'wsgi', [['"/src/python/"', '"/../python/"']], ['13 copy-parent'], 'left'],
  ['copy to a parent', 'wsgi', [['Target="${libdir}orders/"', 'Target="${libdir}../orders/"']], ['13 copy-parent', '14 wsgi-location'], 'left'],
  ['copy without a target', 'wsgi', [[' Target="${libdir}orders/"', '']], ['13 copy-target', '14 wsgi-location'], 'left'],
  [
    'copy over a shared directory',
    'wsgi',
    [
      ['Target="${libdir}orders/"', 'Target="${libdir}"'],
      ['WSGIAppLocation="${libdir}orders/"', 'WSGIAppLocation="${libdir}"'],
    ],
    ['13 copy-shared-target'],
    'left',
  ],
  [
    'copy over the Python packages',
    'wsgi',
    [
      ['Target="${libdir}orders/"', 'Target="{$MgrDir}./python"'],
      ['${libdir}orders/', '${mgrdir}python/'],
    ],
    ['13 copy-shared-target'],
    'left',
  ],
  ['directory target without a slash', 'wsgi', [['Target="${libdir}orders/"', 'Target="${libdir}orders"']], ['13 copy-directory-slash'], 'fixed'],
  ['unknown expression', 'wsgi', [['Target="${libdir}orders/"', 'Target="${libdirr}orders/"']], ['13 unknown-expression', '14 wsgi-location'], 'left'],
  ['expression of an old test', 'wsgi', [['<Arg>${Greeting}', '<Arg>${authUnauthenticated}']], ['16 unknown-expression'], 'left'],
  ['deprecated role expression', 'wsgi', [['${globalsDbRole}', '${dbrole}']], ['14 deprecated-expression'], 'fixed'],
  ['resource twice', 'wsgi', [['<Resource Name="Orders.PKG"/>', '<Resource Name="Orders.PKG"/><Resource Name="orders.pkg"/>']], ['12 duplicate-resource', '12 document-type-case'], 'left'],
  ['resource that is no document', 'wsgi', [[invokeEnd, `<Resource Name="notes.txt"/>${invokeEnd}`]], ['18 document-type'], 'left'],
  ['wheel with a path', 'tcp', [['wire-2.0.1', 'dist/wire-2.0.1']], ['20 wheel-name'], 'left'],
  ['wheel directory outside', 'tcp', [['<PythonWheel ', '<PythonWheel Directory="../dist" ']], ['20 wheel-directory'], 'left'],
  ['CPF in a phase that is not there', 'tcp', [['Phase="Initialize"', 'Phase="Startup"']], ['19 cpf-phase'], 'left'],
  ['test without a package', 'tcp', [[' Package="Test.Wire"', '']], ['21 test-scope'], 'left'],
];

describe('validateManifest finds exactly what was broken', () => {
  it.each(['wsgi', 'asgi', 'tcp'])('nothing in %s.xml', (name) => {
    expect(validateManifest(manifest(name))).toEqual([]);
  });

  it('has at least 50 mutations with different names', () => {
    expect(new Set(MUTATIONS.map(([name]) => name)).size).toBe(MUTATIONS.length);
    expect(MUTATIONS.length).toBeGreaterThan(100);
  });

  it.each(MUTATIONS)('%s', (_name, base, changes, expected, outcome) => {
    const mutant = change(manifest(base), ...changes);
    expect(found(mutant)).toEqual(expected);
    const fix = fixManifest(mutant);
    expect(fix.remaining.length === 0 ? 'fixed' : 'left').toBe(outcome);
    expect(validateManifest(fix.text)).toEqual(fix.remaining);
  });
});
