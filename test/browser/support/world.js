const { chromium } = require('playwright-core');
const {
	N8nClient,
	installPackage,
	newUserFolder,
	packPackage,
	startN8n,
} = require('../../e2e/harness');
const { ensureN8n } = require('../../runtime');
const { ARGS, ensureChromium } = require('../chromium');

/**
 * What browser tests share.
 *
 * @typedef {object} World
 * @property {string} n8nUrl
 * @property {string} cookie of the owner
 * @property {string} browserEndpoint for `chromium.connect`
 * @property {string} tarball of the package
 */

/**
 * Starts a real n8n with an owner.
 *
 * @param {{ tarball?: string, env?: NodeJS.ProcessEnv }} [options] `tarball`: a package to install
 *   before the start
 * @returns {Promise<{ n8nUrl: string, cookie: string, dispose: () => Promise<void> }>}
 */
async function startOwnedN8n({ tarball, env } = {}) {
	const runtime = await ensureN8n();
	const userFolder = await newUserFolder(runtime);
	if (tarball) await installPackage(tarball, userFolder);
	const n8n = await startN8n({ runtime, userFolder, env });
	const client = new N8nClient(n8n.url);
	try {
		await client.setupOwner();
	} catch (error) {
		await n8n.dispose();
		throw error;
	}
	return { n8nUrl: n8n.url, cookie: client.cookie, dispose: n8n.dispose };
}

/**
 * Starts a browser, and a real n8n that has the package as its users have it.
 *
 * @param {NodeJS.ProcessEnv} [env] of n8n
 * @returns {Promise<{ world: World, dispose: () => Promise<void> }>}
 */
async function startWorld(env) {
	const executablePath = await ensureChromium();
	const tarball = await packPackage();
	const browser = await chromium.launchServer({ executablePath, args: ARGS, host: '127.0.0.1' });
	try {
		const { dispose, ...n8n } = await startOwnedN8n({ tarball, env });
		return {
			world: { ...n8n, browserEndpoint: browser.wsEndpoint(), tarball },
			async dispose() {
				await browser.close();
				await dispose();
			},
		};
	} catch (error) {
		await browser.close();
		throw error;
	}
}

module.exports = { startOwnedN8n, startWorld };
