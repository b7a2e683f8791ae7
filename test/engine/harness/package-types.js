'use strict';

const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..', '..');

/** `dist/nodes/WanVideo/WanVideo.node.js` holds the class `WanVideo`. */
function instantiate(relativePath) {
	const file = path.join(root, relativePath);
	if (!fs.existsSync(file))
		throw new Error(`${relativePath} is missing: run "npm run build" first`);
	const className = path.basename(file).split('.')[0];
	return new (require(file)[className])();
}

/**
 * The nodes and credentials of the built package, found as n8n finds them: through package.json.
 *
 * @returns {{ nodes: Record<string, object>, credentials: Record<string, object> }} by type name
 */
function loadPackage() {
	const { name, n8n } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
	const nodes = n8n.nodes.map(instantiate);
	const credentials = n8n.credentials.map(instantiate);
	return {
		nodes: Object.fromEntries(nodes.map((node) => [`${name}.${node.description.name}`, node])),
		credentials: Object.fromEntries(credentials.map((type) => [type.name, type])),
	};
}

module.exports = { loadPackage };
