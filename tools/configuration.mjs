// `npm run docs:configuration`: writes the table of settings into docs/configuration.md from the option table of the
// config package. With --check it only compares, and fails when the page is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, root, say } from './lib/workspace.mjs';

await build();
const require = createRequire(import.meta.url);
const { DEFAULTS, OPTION_NAMES, OPTIONS } = require(path.join(root, 'packages', 'config'));
const page = path.join(root, 'docs', 'configuration.md');

const code = (text) => `\`${text}\``;
/** Parts of the URL itself, by setting. */
const URL_PARTS = { host: 'host', port: 'port', namespace: 'path', user: 'user', password: 'password' };

function row(name) {
  const { env, envSeconds = [], urlParameter, description, allowed } = OPTIONS[name];
  const variables = [...env.map(code), ...envSeconds.map((variable) => `${code(variable)} (seconds)`)];
  const inUrl = urlParameter === undefined ? (URL_PARTS[name] ?? '-') : code(`?${urlParameter}=`);
  const fallback = name in DEFAULTS ? code(String(DEFAULTS[name])) : '-';
  const cells = [code(name), variables.join(', '), inUrl, fallback, `${description}. Allowed: ${allowed}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const table = [
  '| setting | environment | in the URL | default | meaning |',
  '| --- | --- | --- | --- | --- |',
  ...OPTION_NAMES.map(row),
].join('\n');

const before = readFileSync(page, 'utf8');
const [head, tail] = before.split(/<!-- settings -->[\s\S]*<!-- \/settings -->/);
const after = `${head}<!-- settings -->\n\n${table}\n\n<!-- /settings -->${tail}`;
if (before === after) process.exitCode = 0;
else if (process.argv.includes('--check')) {
  say('docs/configuration.md is out of date: run npm run docs:configuration');
  process.exitCode = 1;
} else writeFileSync(page, after);
