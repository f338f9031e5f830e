// `npm run docs:verification`: writes the list of what is marked unverified in the sources into docs/verification.md.
// With --check it only compares, and fails when the list is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { publishedPackages } from './lib/packages.mjs';
import { root, say } from './lib/workspace.mjs';

const MARK = 'unverified on a live server';
const document = path.join(root, 'docs', 'verification.md');

/** Notes of one file. A note is a comment's sentence that holds the mark; comment signs and the mark's colon are dropped. */
function notesOf(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    if (!line.includes(MARK)) return [];
    const text = line.replace(/^\s*(\/\/|\/?\*+|--|')\s*/, '').replace(/\s*(\*\/|',?)\s*$/, '');
    const note = text
      .replace(new RegExp(`\\(?${MARK}:?\\)?\\s*`), '')
      .replace(/^describe: '/, '')
      .replace(/[;.,]\s+\./, '.')
      .replace(/^[:;,. ]+|[;, ]+$/g, '');
    return [note || 'all of it'];
  });
}

function sources(dir) {
  return readdirSync(dir, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(dir, name))
    .sort();
}

const list = publishedPackages().flatMap(({ name, dir }) => {
  const items = sources(path.join(dir, 'src')).flatMap((file) => {
    const link = path.relative(path.dirname(document), file).split(path.sep).join('/');
    return notesOf(file).map(
      (note) => `- ${note.replaceAll('<', '&lt;')} ([${path.basename(file)}](${link}))`,
    );
  });
  return items.length === 0 ? [] : [`### ${name}`, '', ...items, ''];
});

const before = readFileSync(document, 'utf8');
const [head, tail] = before.split(/<!-- list -->[\s\S]*<!-- \/list -->/);
const after = `${head}<!-- list -->\n\n${list.join('\n')}\n<!-- /list -->${tail}`;
if (before === after) process.exitCode = 0;
else if (process.argv.includes('--check')) {
  say('docs/verification.md is out of date: run npm run docs:verification');
  process.exitCode = 1;
} else writeFileSync(document, after);
