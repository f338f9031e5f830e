/** `npm run test:containers`: what needs a container engine and the stand-in image. */
module.exports = {
  ...require('./jest.preset.cjs'),
  displayName: 'containers',
  rootDir: __dirname,
  testMatch: ['<rootDir>/packages/*/test/containers/*.engine.ts'],
  // A container starts a whole emulator; on a busy machine that takes a while.
  testTimeout: 300_000,
};
