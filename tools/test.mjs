// `npm test`: installs what is missing, builds, and runs the hermetic suite. Arguments go to Jest.
import { bin, build, install, nodeBinary, run } from './lib/workspace.mjs';

await install();
await build();
process.exitCode = await run(nodeBinary, [bin('jest', 'bin', 'jest.js'), ...process.argv.slice(2)]);
