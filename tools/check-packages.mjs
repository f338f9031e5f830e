// `npm run check:packages`: publint and "are the types wrong" on every package as it would be published.
import { bin, build, nodeBinary, say } from './lib/workspace.mjs';
import { capture } from './lib/capture.mjs';
import { publishedPackages } from './lib/packages.mjs';

await build();
let failures = 0;
for (const { name, dir } of publishedPackages()) {
  const checks = [
    ['publint', [bin('publint', 'src', 'cli.js'), 'run', dir, '--strict']],
    [
      'attw',
      [bin('@arethetypeswrong', 'cli', 'dist', 'index.js'), '--pack', dir, '--format', 'ascii', '--no-color'],
    ],
  ];
  for (const [tool, args] of checks) {
    const { code, output } = await capture(nodeBinary, args, { env: { ...process.env, NO_COLOR: '1' } });
    if (code !== 0) failures += 1;
    say(code === 0 ? `ok    ${tool} ${name}` : `FAIL  ${tool} ${name}\n${output}`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
