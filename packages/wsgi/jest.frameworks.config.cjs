/** Deploys real frameworks; pip fetches them from the machine's package index. Run: npx jest -c packages/wsgi/jest.frameworks.config.cjs */
module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'wsgi-frameworks',
  rootDir: __dirname,
  testMatch: ['<rootDir>/test/frameworks/*.network.ts'],
  testTimeout: 300_000,
};
