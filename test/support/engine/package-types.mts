import assert from 'node:assert';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';
import type { ICredentialType, INodeType } from 'n8n-workflow';

const load = createRequire(import.meta.url);

/** By type name. */
export interface PackageTypes {
	nodes: Record<string, INodeType>;
	credentials: Record<string, ICredentialType>;
}

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

/** `dist/nodes/WanVideo/WanVideo.node.js` holds the class `WanVideo`. */
function instantiate(relativePath: string): object {
	const file = path.join(repoDir, relativePath);
	if (!fs.existsSync(file)) {
		throw new Error(`${relativePath} is missing: run "npm run build" first`);
	}
	const [className] = path.basename(file).split('.');
	const classes: Record<string, new () => object> = load(file);
	return new classes[className]();
}

function nodeAt(relativePath: string): INodeType {
	const node = instantiate(relativePath);
	assert('description' in node, `${relativePath} holds no node`);
	return node as INodeType;
}

function credentialAt(relativePath: string): ICredentialType {
	const type = instantiate(relativePath);
	assert('properties' in type, `${relativePath} holds no credential`);
	return type as ICredentialType;
}

/** The nodes and credentials of the built package, found as n8n finds them: through package.json. */
export function loadPackage(): PackageTypes {
	const manifest = fs.readFileSync(path.join(repoDir, 'package.json'), 'utf8');
	const { name, n8n }: Manifest = JSON.parse(manifest);
	const nodes = n8n.nodes.map(nodeAt);
	const credentials = n8n.credentials.map(credentialAt);
	return {
		nodes: Object.fromEntries(nodes.map((node) => [`${name}.${node.description.name}`, node])),
		credentials: Object.fromEntries(credentials.map((type) => [type.name, type])),
	};
}
