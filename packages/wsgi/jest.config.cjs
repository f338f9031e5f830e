module.exports = { ...require('../../jest.preset.cjs'), displayName: 'wsgi', rootDir: __dirname };
