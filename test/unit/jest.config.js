'use strict';

module.exports = {
	displayName: 'unit',
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: {},
	// Generous: a busy machine is no defect.
	testTimeout: 60_000,
};
