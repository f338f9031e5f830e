#!/usr/bin/env node
import { isIrisError } from '@iris-devtools/core';
import { Command } from 'commander';
import { discoverConfig } from '../discover.js';
import { DEFAULTS, OPTIONS, OPTION_NAMES, type OptionRow } from '../options.js';
import type { ResolvedConfig } from '../resolved-config.js';

interface ExplainOptions {
  readonly json?: true;
  readonly profile?: string;
  readonly url?: string;
}

function table(config: ResolvedConfig): string {
  const rows = config.explain().map(({ option, value, source }) => [option, String(value), source]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return rows
    .map(([a = '', b = '', c = '']) => `${a.padEnd(first)}  ${b.padEnd(second)}  from ${c}`)
    .join('\n');
}

function optionTable(): string {
  const lines = OPTION_NAMES.map((name) => {
    const { description, allowed, env, envSeconds = [] }: OptionRow = OPTIONS[name];
    const variables = [...env, ...envSeconds.map((variable) => `${variable} (seconds)`)];
    const fallback = name in DEFAULTS ? `; default ${String(DEFAULTS[name as keyof typeof DEFAULTS])}` : '';
    return `  ${name.padEnd(17)} ${description} (${allowed}${fallback})\n${' '.repeat(20)}${variables.join(', ')}`;
  });
  return `\nSettings and their environment variables (IRIS_URL holds several at once):\n${lines.join('\n')}\n`;
}

const program = new Command('iris-config')
  .description('Shows which IRIS server a program would connect to, and where each setting came from')
  .addHelpText('after', optionTable);

program
  .command('explain', { isDefault: true })
  .description('every setting with its value and source; secrets are redacted')
  .option('--json', 'one JSON document on stdout')
  .option('--profile <name>', 'profile of the config file')
  .option('--url <url>', 'an iris:// URL that wins over what is found')
  .action(async ({ json, profile, url }: ExplainOptions) => {
    const config = await discoverConfig({
      ...(profile === undefined ? {} : { profile }),
      ...(url === undefined ? {} : { url }),
    });
    process.stdout.write(`${json ? JSON.stringify(config) : `${config.url}\n${table(config)}`}\n`);
  });

program.parseAsync().catch((error: unknown) => {
  process.exitCode = 1;
  if (process.argv.includes('--json') && isIrisError(error)) {
    process.stdout.write(`${JSON.stringify({ error })}\n`);
    return;
  }
  const hint = isIrisError(error) && error.hint !== undefined ? `\n${error.hint}` : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n`);
});
