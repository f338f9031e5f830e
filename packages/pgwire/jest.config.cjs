module.exports = { ...require('../../jest.preset.cjs'), displayName: 'pgwire', rootDir: __dirname };
