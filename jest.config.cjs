module.exports = { projects: ['<rootDir>/packages/*', '<rootDir>/examples/*'] };
