// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const path = require('node:path');

/** What the settings of all tiers have in common. */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/**/*.test.mts'],
	moduleFileExtensions: ['js', 'mts', 'ts', 'cjs', 'mjs', 'json', 'node'],
	transform: { '\\.m?ts$': path.join(__dirname, 'transform.js') },
};
