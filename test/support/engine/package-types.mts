import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';

const load = createRequire(import.meta.url);

/** `dist/nodes/WanVideo/WanVideo.node.js` holds the class `WanVideo`. */
function instantiate(relativePath) {
	const file = path.join(repoDir, relativePath);
	if (!fs.existsSync(file))
		throw new Error(`${relativePath} is missing: run "npm run build" first`);
	const className = path.basename(file).split('.')[0];
	return new (load(file)[className])();
}

/**
 * The nodes and credentials of the built package, found as n8n finds them: through package.json.
 *
 * @returns by type name
 */
export function loadPackage(): {
	nodes: Record<string, object>;
	credentials: Record<string, object>;
} {
	const { name, n8n } = JSON.parse(fs.readFileSync(path.join(repoDir, 'package.json'), 'utf8'));
	const nodes = n8n.nodes.map(instantiate);
	const credentials = n8n.credentials.map(instantiate);
	return {
		nodes: Object.fromEntries(nodes.map((node) => [`${name}.${node.description.name}`, node])),
		credentials: Object.fromEntries(credentials.map((type) => [type.name, type])),
	};
}
