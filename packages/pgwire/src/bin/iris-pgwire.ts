#!/usr/bin/env node
import { runPgwire } from './run-pgwire.js';

void runPgwire(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
