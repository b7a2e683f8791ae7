// JavaScript, because gulp loads this file itself.
const { dest, src } = require('gulp');

/** What tsc does not carry over: icons, and the codex files that place the nodes in n8n's search. */
const copyAssets = () =>
	src(['icons/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(dest('dist'));

exports.default = copyAssets;
