// `npm run docs:options`: writes the driver's option table into docs/driver-options.md. With --check it only compares, and fails
// when the page is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import prettier from 'prettier';
import { build, root, say } from './lib/workspace.mjs';

const document = path.join(root, 'docs', 'driver-options.md');
await build();
const require = createRequire(import.meta.url);
const load = (name) => require(path.join(root, 'packages', name, 'dist', 'index.js'));
const { OPTIONS } = load('driver');
const { OPTIONS: SETTINGS } = load('config');

/** Where an option stands in a URL. */
const URL_PLACES = {
  host: 'iris://user@**host**:1972/USER',
  port: 'iris://user@host:**1972**/USER',
  namespace: 'iris://user@host:1972/**USER**',
  user: 'iris://**user**@host:1972/USER',
  password: 'iris://user:**password**@host:1972/USER',
};

const code = (text) => `\`${text}\``;

function type(name) {
  const row = OPTIONS[name];
  if (row.values !== undefined) return row.values.map(code).join(', ');
  return row.type ?? typeof row.default;
}

function standard(name) {
  const value = OPTIONS[name].default;
  if (value === undefined) return '';
  return code(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function urlForm(name) {
  if (name in URL_PLACES) return URL_PLACES[name];
  return OPTIONS[name].parse === undefined ? 'not in a URL' : code(`?${name}=...`);
}

function environment(name) {
  return (SETTINGS[name]?.env ?? []).map(code).join(', ');
}

const rows = Object.keys(OPTIONS).map(
  (name) =>
    `| ${code(name)} | ${type(name)} | ${standard(name)} | ${urlForm(name)} | ${environment(name)} | ${OPTIONS[name].describe} |`,
);
const table = [
  '| option | type | default | URL | environment | meaning |',
  '| --- | --- | --- | --- | --- | --- |',
  ...rows,
].join('\n');

const before = readFileSync(document, 'utf8');
const [head, tail] = before.split(/<!-- options -->[\s\S]*<!-- \/options -->/);
const page = `${head}<!-- options -->\n\n${table}\n\n<!-- /options -->${tail}`;
const options = await prettier.resolveConfig(document);
const after = await prettier.format(page, { ...options, parser: 'markdown' });
if (before !== after && process.argv.includes('--check')) {
  say('docs/driver-options.md is out of date: run npm run docs:options');
  process.exitCode = 1;
} else if (before !== after) writeFileSync(document, after);
