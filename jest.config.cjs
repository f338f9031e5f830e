module.exports = {
  projects: ['<rootDir>/packages/*', '<rootDir>/examples/*'],
  // Here and not only in the preset: with several projects Jest takes the limit from the root.
  testTimeout: 60_000,
};
