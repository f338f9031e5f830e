module.exports = { ...require('../../jest.preset.cjs'), displayName: 'django-admin', rootDir: __dirname };
