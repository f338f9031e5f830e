#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../cli/main.js';
import { openNativeCaller } from './native-caller.js';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as {
  version: string;
};
const interrupted = new AbortController();
process.once('SIGINT', () => {
  interrupted.abort();
});

void main(process.argv.slice(2), version, {
  terminal: {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  },
  signal: interrupted.signal,
  openNativeCaller,
  closers: [],
}).then((exitCode) => {
  process.exitCode = exitCode;
});
