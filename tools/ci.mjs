// What a pull request must pass. Each step is one line of the summary; tests are counted one by one.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bin, install, nodeBinary, root, run, say } from './lib/workspace.mjs';
import { ensurePostgres } from './lib/postgres.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'iris-devtools-ci-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', CI: 'true' };
const tool = (...parts) => bin(...parts);
const script = (name) => path.join(root, 'tools', name);
const totals = { passed: 0, failed: 0 };
const summary = [];

/** Runs one step; `countTests` reads Jest's own report, so that the totals are of tests that really ran. */
async function step(name, args, { countTests = false } = {}) {
  say(`\n== ${name}`);
  const started = Date.now();
  const report = path.join(scratch, `${summary.length}.json`);
  const extra = countTests ? ['--json', `--outputFile=${report}`] : [];
  const code = await run(nodeBinary, [...args, ...extra], { env, stdio: ['ignore', 2, 2] });
  let passed = code === 0 ? 1 : 0;
  let failed = code === 0 ? 0 : 1;
  if (countTests && existsSync(report)) {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed = result.numPassedTests;
    failed = result.numFailedTests + result.numRuntimeErrorTestSuites + result.numPendingTests;
    if (code !== 0 && failed === 0) failed = 1;
  }
  totals.passed += passed;
  totals.failed += failed;
  summary.push({ name, ok: failed === 0, seconds: (Date.now() - started) / 1000, passed, failed });
}

await install();
await step('format', [tool('prettier', 'bin', 'prettier.cjs'), '--check', '.']);
await step('build and typecheck', [tool('typescript', 'bin', 'tsc'), '-b']);
await step('project references', [tool('nx', 'dist', 'bin', 'nx.js'), 'sync:check']);
await step('lint', [script('lint.mjs')]);
await step('verification list', [script('verification.mjs'), '--check']);
await step('settings page', [script('configuration.mjs'), '--check']);
await step('emulator page', [script('differences.mjs'), '--check']);
await step('emulator SQL page', [script('emulator-sql.mjs'), '--check']);
await step('driver options page', [script('driver-options.mjs'), '--check']);
await step('test', [tool('jest', 'bin', 'jest.js')], { countTests: true });
await ensurePostgres();
await step('test against PostgreSQL', [script('test-postgres.mjs')], { countTests: true });
await step('publint and types', [script('check-packages.mjs')]);
await step('pack and install', [script('smoke.mjs')]);
await step('api docs', [tool('typedoc', 'bin', 'typedoc')]);

for (const { name, ok, seconds, passed, failed } of summary)
  console.log(
    `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(26)} ${seconds.toFixed(1).padStart(6)} s  ${passed} passed, ${failed} failed`,
  );
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
