/** One n8n and one browser for all files, which run one after another. */
module.exports = {
	displayName: 'browser',
	rootDir: __dirname,
	testMatch: ['<rootDir>/**/*.test.js'],
	testEnvironment: 'node',
	globalSetup: '<rootDir>/support/global-setup.js',
	globalTeardown: '<rootDir>/support/global-teardown.js',
	testTimeout: 180_000,
	maxWorkers: 1,
};
