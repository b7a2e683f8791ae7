// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

module.exports = {
	...base,
	displayName: 'package',
	rootDir: __dirname,
	testTimeout: 60_000,
	maxWorkers: 1,
};
