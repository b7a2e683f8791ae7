// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

/** Real servers: the end-to-end tests' settings. */
module.exports = {
	...require('../e2e/jest.config'),
	displayName: 'versions',
	rootDir: __dirname,
};
