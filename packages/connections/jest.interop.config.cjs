/** `npm run test:interop`: what needs the official Node addon, which is large and has a licence of its own. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'connections over the official addon',
  rootDir: __dirname,
  testMatch: ['<rootDir>/test/**/*.interop.ts'],
};
