// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

module.exports = {
	...base,
	displayName: 'unit',
	rootDir: __dirname,
	// A large file takes longer than Jest's five seconds where much else is running.
	testTimeout: 30_000,
};
