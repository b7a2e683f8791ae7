// JavaScript, because Jest loads it without its transforms, on a Node that need not know TypeScript.
'use strict';

module.exports = async () => {
	const { tsImport } = await import('tsx/esm/api');
	const { tearDown } = await tsImport('./shared-world.mts', __filename);
	await tearDown();
};
