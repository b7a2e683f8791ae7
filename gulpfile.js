const { dest, src } = require('gulp');

/** What tsc does not carry over: icons, and the codex files that place the nodes in n8n's search. */
const copyAssets = () =>
	src('nodes/**/*.{svg,node.json}', { base: '.', encoding: false }).pipe(dest('dist'));

exports.default = copyAssets;
