/** Tests that need a PostgreSQL server: run by `npm run test:postgres`, which starts one. */
module.exports = {
  ...require('./jest.preset.cjs'),
  rootDir: __dirname,
  displayName: 'postgres',
  testMatch: ['<rootDir>/{packages,examples}/*/test-postgres/**/*.test.ts'],
};
