module.exports = { ...require('../../jest.preset.cjs'), displayName: 'fastapi-vectors', rootDir: __dirname };
