module.exports = { ...require('../../jest.preset.cjs'), displayName: 'ipm', rootDir: __dirname };
