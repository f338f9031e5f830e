#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../cli/main.js';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};
const interrupted = new AbortController();
process.once('SIGINT', () => {
  interrupted.abort();
});

void main(
  process.argv.slice(2),
  version,
  {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  },
  interrupted.signal,
).then((exitCode) => {
  process.exitCode = exitCode;
});
