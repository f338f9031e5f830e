module.exports = { ...require('../../jest.preset.cjs'), displayName: 'driver', rootDir: __dirname };
