'use strict';

module.exports = {
	displayName: 'unit',
	rootDir: __dirname,
	testEnvironment: 'node',
	transform: {},
};
