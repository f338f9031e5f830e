import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  MODULE_KINDS,
  asgiApplication,
  buildManifest,
  expressions,
  moduleTemplate,
  parameter,
  validateManifest,
  wsgiApplication,
} from '@iris-devtools/ipm';
import type { ModuleManifest } from '@iris-devtools/ipm';
import { codeOf } from './support/errors.js';
import { manifest } from './support/manifests.js';

const location = `${expressions.libDir}shop/`;
const shop: ModuleManifest = {
  name: 'shop',
  version: '1.2.0',
  description: 'Sells <things> & more',
  systemRequirements: { iris: '>=2024.1', interoperability: 'enabled' },
  sourcesRoot: 'src',
  dependencies: [{ name: 'helpers', version: '^1.0.0', scope: 'test' }],
  parameters: [{ name: 'Title', value: 'A "shop"' }],
  resources: [
    { kind: 'document', name: 'Shop.PKG' },
    { kind: 'file-copy', source: '/src/python/', target: location, overlay: true },
    wsgiApplication({
      urlPrefix: '/shop',
      location,
      app: 'shop_wsgi:app',
      authentication: ['password', 'delegated'],
      matchRoles: `:${expressions.globalsDbRole}`,
    }),
    { kind: 'python-wheel', name: 'shop-1.0-py3-none-any.whl' },
    { kind: 'cpf', name: 'callin.cpf', phase: 'Initialize', when: 'Before' },
    { kind: 'test', name: '/tests/', package: 'Test.Shop', phase: 'verify' },
  ],
  invokes: [
    { class: 'Shop.Setup', method: 'Seed', phase: 'Activate', when: 'After', args: [parameter('Title'), ''] },
    { class: '%SYSTEM.OBJ', method: 'ShowFlags', phase: 'Initialize', when: 'Before', checkStatus: false },
  ],
  afterInstallMessage: 'SHOP-INSTALLED',
};

describe('buildManifest', () => {
  it('writes what the validator accepts without a word, the same every time', () => {
    const text = buildManifest(shop);
    expect(validateManifest(text).filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(buildManifest(structuredClone(shop))).toBe(text);
    expect(text).toBe(manifest('built'));
  });

  it('writes ASGI with its own type', () => {
    const text = buildManifest({
      ...shop,
      systemRequirements: { iris: '>=2024.2' },
      resources: [
        { kind: 'file-copy', source: '/src/', target: location },
        asgiApplication({ urlPrefix: '/v', location, app: 'v:app', authentication: ['password'] }),
      ],
      invokes: [],
    });
    expect(text).toContain('WSGIType="2"');
  });

  it.each([
    [
      'a class that is not in the module',
      { invokes: [{ class: 'Other.Thing', method: 'M', phase: 'Activate', when: 'After' }] },
      'invoke-class',
    ],
    [
      'an IRIS that is too old',
      {
        systemRequirements: { iris: '>=2023.1' },
        resources: [
          ...shop.resources,
          asgiApplication({ urlPrefix: '/v', location, app: 'v:app', authentication: ['password'] }),
        ],
      },
      'asgi-iris-version',
    ],
    [
      'a target of everybody',
      { resources: [{ kind: 'file-copy', source: '/a/', target: expressions.libDir }], invokes: [] },
      'copy-shared-target',
    ],
    ['a bad name', { name: 'my shop' }, 'module-name'],
    ['a long sources root', { sourcesRoot: 'a-directory-with-a-long-name' }, 'sources-root'],
    ['an expression that is not there', { afterInstallMessage: '${lbdir}' }, 'unknown-expression'],
  ] as const)('refuses %s', (_name, change, rule) => {
    const build = (): string => buildManifest({ ...shop, ...change });
    expect(codeOf(build)).toBe('IRIS_VALIDATION');
    try {
      build();
    } catch (error) {
      expect((error as { details: { findings: { rule: string }[] } }).details.findings[0]?.rule).toBe(rule);
    }
  });

  it.each(['a\u0000b', 'a\u0001b', '\ud800'])('refuses text that XML cannot hold: %j', (description) => {
    expect(codeOf(() => buildManifest({ ...shop, description }))).toBe('IRIS_VALIDATION');
  });

  it('refuses a line break in an attribute, which reading would change', () => {
    expect(codeOf(() => buildManifest({ ...shop, parameters: [{ name: 'Title', value: 'a\nb' }] }))).toBe(
      'IRIS_VALIDATION',
    );
  });

  it('gives any value back unchanged through an XML reader', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (value) => {
        fc.pre(!/\$\{|\{\$|#\{/.test(value));
        const text = buildManifest({ ...shop, parameters: [{ name: 'Title', value }] });
        const written = /<Default Name="Title" Value="([^"]*)"/.exec(text)?.[1] ?? '';
        const read = written
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&amp;', '&');
        expect(read).toBe(value);
        expect(validateManifest(text).filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
    );
  });

  it.each(MODULE_KINDS)('the %s template validates', (kind) => {
    const files = moduleTemplate({ kind, name: 'my-app' });
    const module = {
      kindOf: (path: string) =>
        files.has(path)
          ? ('file' as const)
          : [...files.keys()].some((file) => file.startsWith(`${path}/`))
            ? ('directory' as const)
            : undefined,
      read: (path: string) => files.get(path),
    };
    expect(validateManifest(files.get('module.xml') ?? '', { files: module })).toEqual([]);
  });
});
