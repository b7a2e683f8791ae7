// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const base = require('../support/jest/base');

/** A whole cluster: one test after another, and room for the first install. */
module.exports = {
	...base,
	displayName: 'queue',
	rootDir: __dirname,
	testTimeout: 120_000,
	maxWorkers: 1,
};
