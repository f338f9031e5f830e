/** The example applications with their real frameworks; pip fetches them from the machine's package index. Run: npm run test:wsgi */
module.exports = {
  ...require('./jest.preset.cjs'),
  displayName: 'wsgi-examples',
  rootDir: __dirname,
  testMatch: ['<rootDir>/examples/*/test-wsgi/*.test.ts'],
  testTimeout: 300_000,
};
