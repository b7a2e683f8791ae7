'use strict';

const base = require('../support/jest/base');

module.exports = {
	...base,
	displayName: 'package',
	rootDir: __dirname,
	testTimeout: 60_000,
	maxWorkers: 1,
};
