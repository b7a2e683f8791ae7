/** Real servers: one test file at a time, and room for the first install. */
module.exports = {
	displayName: 'e2e',
	rootDir: __dirname,
	globalSetup: '<rootDir>/support/pack.js',
	testMatch: ['<rootDir>/**/*.test.js'],
	testEnvironment: 'node',
	testTimeout: 300_000,
	maxWorkers: 1,
	maxConcurrency: 7,
};
