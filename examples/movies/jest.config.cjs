module.exports = { ...require('../../jest.preset.cjs'), displayName: 'movies', rootDir: __dirname };
