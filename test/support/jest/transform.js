// JavaScript, because Jest loads it as it is, on a Node that need not know TypeScript.
'use strict';

const { createHash } = require('node:crypto');
const esbuild = require('esbuild');

/** Jest runs CommonJS, which has no `import.meta`. */
const OPTIONS = {
	loader: 'ts',
	format: 'cjs',
	platform: 'node',
	target: 'node20',
	sourcemap: 'inline',
	supported: { 'dynamic-import': false },
	define: {
		'import.meta.dirname': '__dirname',
		'import.meta.filename': '__filename',
		'import.meta.url': '__importMetaUrl',
	},
	banner: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
};

module.exports = {
	process: (source, file) => esbuild.transformSync(source, { ...OPTIONS, sourcefile: file }),

	/** Without it, Jest would serve code that was made from older options. */
	getCacheKey: (source, file) =>
		createHash('sha256')
			.update(JSON.stringify([esbuild.version, OPTIONS, file, source]))
			.digest('hex'),
};
