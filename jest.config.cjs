module.exports = {
  projects: ['<rootDir>/packages/*', '<rootDir>/examples/*'],
  // Here and not only in the preset: with several projects Jest takes these from the root.
  testTimeout: 60_000,
  // A process of its own for each suite's share, also on two cores: a storage that brings its process down fails its suite
  // and not the whole run, and memory is given back.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
};
