module.exports = { ...require('../../jest.preset.cjs'), displayName: 'flask-users', rootDir: __dirname };
