import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  generateTcpService,
  generateWebAppInstaller,
  stringLiteral,
  textExpression,
  wsgiApplication,
} from '@iris-devtools/ipm';
import { codeOf } from './support/errors.js';
import { evaluateLiteral, parseClass } from './support/objectscript-structure.js';

const application = wsgiApplication({
  urlPrefix: '/shop',
  location: '${libdir}shop/',
  app: 'shop_wsgi:app',
  authentication: ['password'],
  matchRoles: ':%DB_USER',
});

const service = {
  className: 'Wire.Service',
  serviceName: 'wire',
  pythonModule: 'wire.server',
  parameters: [{ name: 'Port', default: '5432' }],
  args: ['--port', { parameter: 'Port' }],
  environment: { PYTHONPATH: '${mgrdir}wire/python/' },
} as const;

function methodLines(text: string, name: string): string[] {
  const method = parseClass(text).methods.find((each) => each.name === name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method.lines.map(({ code }) => code);
}

/** Texts that try to end a literal or to start something else. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '""',
        '$$$',
        '##',
        '/*',
        '*/',
        '//',
        ';',
        '&sql(',
        '}',
        '{',
        '\n',
        '\r',
        '\t',
        '\0',
        '$',
        '_',
        '\u2028',
        'é',
        '😀',
        'a',
      ),
    )
    .map((pieces) => pieces.join('')),
);

describe('string literals', () => {
  it('mean the same text again, for any text, and hold nothing that a preprocessor acts on', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const literal = stringLiteral(text);
        expect(evaluateLiteral(literal)).toBe(text);
        expect(literal.replaceAll('$CHAR(', '')).not.toMatch(/\$\$|##|\/\*|&sql|[\u0000-\u001f]/);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what does not fit into a line', () => {
    expect(() => stringLiteral('x'.repeat(5000))).toThrow(/cannot be written/);
  });

  it('turns expressions of IPM into ObjectScript, and refuses those that only IPM knows', () => {
    expect(textExpression('${LibDir}a"b/')).toBe('$SYSTEM.Util.InstallDirectory()_"lib/"_"a""b/"');
    expect(textExpression('{$namespace}')).toBe('$NAMESPACE');
    expect(textExpression('')).toBe('""');
    expect(() => textExpression('${globalsDbRole}')).toThrow(/outside of IPM/);
  });
});

describe('generateWebAppInstaller', () => {
  it('sets every property before it moves to %SYS, and creates or modifies', () => {
    const text = generateWebAppInstaller({ className: 'Shop.Installer', application, callIn: true });
    const parsed = parseClass(text);
    expect(parsed.name).toBe('Shop.Installer');
    expect(parsed.methods.map(({ name, returns }) => [name, returns])).toEqual([
      ['Install', '%Status'],
      ['Uninstall', '%Status'],
      ['IsInstalled', '%Boolean'],
      ['EnableCallIn', '%Status'],
    ]);
    expect(text).toContain('Set properties("AutheEnabled") = 32');
    expect(text).toContain(
      'Set properties("WSGIAppLocation") = $SYSTEM.Util.InstallDirectory()_"lib/"_"shop/"',
    );
    const install = methodLines(text, 'Install');
    expect(install.indexOf('Set $NAMESPACE = ""')).toBeGreaterThan(
      install.indexOf('Set properties("") = $NAMESPACE'),
    );
  });

  it('keeps its structure for any path and property', () => {
    fc.assert(
      fc.property(hostile, hostile, (path, description) => {
        const odd = {
          ...application,
          name: path,
          properties: { ...application.properties, Description: description },
        };
        let text: string;
        try {
          text = generateWebAppInstaller({ className: 'Shop.Installer', application: odd });
        } catch (error) {
          expect(String(error)).toContain('outside of IPM'); // ${...} by chance
          return;
        }
        expect(parseClass(text).methods).toHaveLength(3);
      }),
      { numRuns: 200 },
    );
  });
});

describe('generateTcpService', () => {
  it('starts, stops and tells, with arguments as a list and never as a command line', () => {
    const text = generateTcpService(service);
    const parsed = parseClass(text);
    expect(parsed.methods.map(({ name }) => name)).toEqual([
      'PidFile',
      'LogFile',
      'Log',
      'ReadFile',
      'Pid',
      'IsRunning',
      'WritePid',
      'Start',
      'Stop',
      'Restart',
      'Status',
    ]);
    const start = parsed.methods.find(({ name }) => name === 'Start');
    expect(start?.parameters).toEqual(['Port As %String = ""']);
    const args = start?.lines
      .filter(({ code }) => code.startsWith('Set arguments'))
      .map(({ code, strings }) => [code, strings]);
    expect(args).toEqual([
      ['Set arguments(1) = ""_$SYSTEM.Util.ManagerDirectory()_""', ['PYTHONPATH=', 'wire/python/']],
      ['Set arguments(2) = $SYSTEM.Util.BinaryDirectory()_""', ['irispython']],
      ['Set arguments(3) = ""', ['-m']],
      ['Set arguments(4) = ""', ['wire.server']],
      ['Set arguments(5) = ""', ['--port']],
      ['Set arguments(6) = Port', []],
      ['Set arguments = 6', []],
    ]);
  });

  it('keeps its structure for any argument', () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 4 }), (args) => {
        fc.pre(!args.some((arg) => /\$\{|\{\$/.test(arg)));
        const parsed = parseClass(generateTcpService({ ...service, args }));
        expect(parsed.methods).toHaveLength(11);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [{ className: 'Service' }],
    [{ className: 'My.Se_rvice' }],
    [{ className: '%My.Service' }],
    [{ serviceName: '../x' }],
    [{ serviceName: 'a b' }],
    [{ pythonModule: 'wire/server' }],
    [{ pythonModule: 'wire; rm' }],
    [{ environment: { 'A B': 'x' } }],
    [{ args: [{ parameter: 'Host' }] }],
    [{ parameters: [{ name: 'A.B', default: '' }], args: [] }],
    [{ parameters: [{ name: 'Port', default: 'a\nb' }] }],
    [{ startSeconds: 0 }],
  ])('refuses %j', (change) => {
    expect(codeOf(() => generateTcpService({ ...service, ...change }))).toBe('IRIS_OPTION');
  });
});

describe('the structure parser', () => {
  const good = generateTcpService(service);
  it.each([
    ['an open string', '"irispython"', '"irispython'],
    ['an open parenthesis', 'If ..IsRunning()', 'If ..IsRunning('],
    ['a missing brace', '    Return sc\n}\n\n/// OK', '    Return sc\n\n/// OK'],
    ['an unknown command', 'Hang 2', 'Sleep 2'],
    ['Quit with a value in Try', 'Return $$$OK', 'Quit $$$OK'],
  ])('notices %s', (_name, from, to) => {
    expect(good).toContain(from);
    expect(() => parseClass(good.replace(from, () => to))).toThrow();
  });
});
