import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RULES, fixManifest, validateManifest } from '@iris-devtools/ipm';
import { manifest } from './support/manifests.js';

function found(name: string): string[] {
  return validateManifest(manifest(name)).map(
    ({ line, column, rule }) => `${String(line)}:${String(column)} ${rule}`,
  );
}

describe('manifests that people wrote', () => {
  it('explains the WSGIApplication with child elements, which no IPM ever had', () => {
    expect(found('proposed-wsgi')).toEqual([
      '3:13 document-name-attribute',
      '7:46 ipm-version-requirement',
      '9:17 copy-slash',
      '10:7 check-status',
      '10:15 invoke-class',
      '11:7 wsgi-element',
    ]);
    const finding = validateManifest(manifest('proposed-wsgi')).find(({ rule }) => rule === 'wsgi-element');
    expect(finding?.why).toContain('ignored without an error');
    expect(finding?.fix).toContain('WSGIAppName="shop.wsgi" WSGICallable="application"');
    expect(finding?.fix).toContain('AutheEnabled="32"');
  });

  it('explains a service manifest with child elements and phases that are not there', () => {
    expect(found('legacy-service')).toEqual([
      '7:7 author-text',
      '9:9 requirements-form',
      '13:17 document-type',
      '15:9 resource-child',
      '18:17 document-type-case',
      '19:17 document-type-case',
      '20:15 invoke-phase',
      '21:9 invoke-child',
      '24:9 invoke-child',
      '26:15 invoke-phase',
      '27:9 invoke-child',
    ]);
  });

  it('fixes what needs no decision and leaves every other character alone', () => {
    const before = manifest('legacy-service');
    const { text, fixed, remaining } = fixManifest(before);
    expect(fixed).toHaveLength(7);
    expect(remaining.map(({ rule }) => rule)).toEqual([
      'author-text',
      'document-type',
      'copy-parent',
      'invoke-phase',
      'invoke-phase',
    ]);
    const untouched = before
      .split('\n')
      .filter((line) => !/Version>|SystemRequirements|FileCopy|Source>|Target>|\.cls|Description/.test(line));
    expect(text.split('\n').filter((line) => untouched.includes(line))).toEqual(untouched);
    expect(text).toContain('        <!-- Install the packages -->');
  });

  it('keeps CRLF, comments, blank lines and quotes while fixing', () => {
    const text = manifest('wsgi')
      .replaceAll('\n', '\r\n')
      .replace('Name="/orders"', "Name='orders/'  ")
      .replace('<SourcesRoot>', '<!-- a  comment -->\r\n\r\n      <SourcesRoot>');
    expect(fixManifest(text).text).toBe(text.replace("'orders/'", '"/orders"'));
  });

  it('has a reason for every rule', () => {
    for (const [rule, { why }] of Object.entries(RULES))
      expect([rule, why.length > 20]).toEqual([rule, true]);
  });
});

describe('validateManifest and bad input', () => {
  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['a huge text', `<Export>${' '.repeat(1_100_000)}</Export>`],
    ['deep nesting', '<a>'.repeat(100) + '</a>'.repeat(100)],
    ['a billion laughs', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><Export>&c;</Export>'],
    ['a zero byte', '<Export>\0</Export>'],
  ])('%s gives one finding', (_name, text) => {
    expect(validateManifest(text).map(({ rule }) => rule)).toEqual(['xml-syntax']);
  });

  it.each([
    ['<WebApplication Url="api" PasswordAuthEnabled="1" WSGIAppName="a:b"/>', 1000],
    ['<Resourse Name="x"/>', 1000],
  ])('a text full of %s is read, and fixed, in bounded time', (element, findings) => {
    const body = element.repeat(2000);
    const text = `<Export><Document name="a.ZPM"><Module><Name>a</Name><Version>1.0.0</Version>${body}</Module></Document></Export>`;
    expect(validateManifest(text)).toHaveLength(findings);
    const startedAt = performance.now();
    fixManifest(text);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('reads many unclosed expressions in bounded time', () => {
    const text = `<Export><Document name="a.ZPM"><Module><Name>a</Name><Version>1.0.0</Version><Default Name="q" Value="${'${{$'.repeat(200)}"/></Module></Document></Export>`;
    expect(validateManifest(text)).toEqual([]);
  });

  it('fixes never break a manifest, and come to an end', () => {
    const names = [
      'Name',
      'name',
      'Phase',
      'When',
      'Target',
      'Url',
      'PasswordAuthEnabled',
      'WSGIAppName',
      'Version',
      'Enabld',
    ];
    const values = [
      '',
      'x',
      '/a/',
      'a:b',
      '"&quot;',
      'activate',
      'After',
      '${libdir}',
      '&lt;&amp;',
      '>=2024.1',
    ];
    const elements = [
      'FileCopy',
      'WebApplication',
      'WSGIApplication',
      'Invoke',
      'Resource',
      'Parameter',
      'SystemRequirements',
      'Tset',
    ];
    const attribute = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values));
    const leaf = fc.tuple(
      fc.constantFrom(...names, ...elements, 'Arg', 'Source'),
      fc.constantFrom(...values),
    );
    const element = fc.tuple(
      fc.constantFrom(...elements),
      fc.uniqueArray(attribute, { selector: ([name]) => name, maxLength: 4 }),
      fc.array(leaf, { maxLength: 3 }),
    );
    const quote = (value: string): string => value.replaceAll('"', '&quot;');
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), (list) => {
        const body = list
          .map(([name, attributes, children]) => {
            const head = attributes.map(([key, value]) => ` ${key}="${quote(value)}"`).join('');
            return `  <${name}${head}>${children.map(([key, value]) => `<${key}>${quote(value)}</${key}>`).join('')}</${name}>`;
          })
          .join('\n');
        const text = `<Export><Document name="a.ZPM"><Module>\n<Name>a</Name><Version>1.0.0</Version>\n${body}\n</Module></Document></Export>`;
        const fixed = fixManifest(text);
        expect(fixed.remaining.map(({ rule }) => rule)).not.toContain('xml-syntax');
        expect(fixed.remaining.filter(({ edits }) => edits !== undefined)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws for damaged manifests', () => {
    const text = manifest('tcp');
    for (let i = 0; i < text.length; i += 7) {
      expect(Array.isArray(validateManifest(text.slice(0, i) + text.slice(i + 3)))).toBe(true);
      expect(Array.isArray(validateManifest(text.slice(0, i)))).toBe(true);
    }
  });
});
