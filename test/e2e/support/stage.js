const path = require('node:path');
const { ensureN8n } = require('../../runtime');
const { installPackage, newUserFolder, packPackage, startN8n } = require('../harness');
const { clientFor } = require('./older-client');
const { startWitness } = require('./witness');

const SIGNATURE = 'dist/nodes/WanVideo/callback/signature.js';

/**
 * A real n8n with the package as users have it, its owner logged in, and a witness.
 *
 * @typedef {object} Stage
 * @property {import('../harness/server').N8nServer} n8n
 * @property {import('../harness').N8nClient} client
 * @property {import('./witness').Witness} witness
 * @property {(apiKey: string, claims: object) => string} sign makes the token of a callback URL, as
 *   the package does
 * @property {() => Promise<void>} close
 */

/**
 * @param {{ version?: string, env?: NodeJS.ProcessEnv, webhookUrl?: string }} [settings] of n8n
 * @returns {Promise<Stage>}
 */
async function openStage({ version, ...settings } = {}) {
	const runtime = await ensureN8n(version);
	const userFolder = await newUserFolder(runtime);
	const tarball = process.env.PACKAGE_UNDER_TEST ?? (await packPackage());
	await installPackage(tarball, userFolder);
	const n8n = await startN8n({ runtime, userFolder, ...settings });
	const client = clientFor(runtime.version, n8n.url);
	await client.setupOwner();
	const witness = await startWitness();
	const modules = path.join(userFolder, '.n8n', 'nodes', 'node_modules');
	const signature = require(path.join(modules, 'n8n-nodes-apixo', SIGNATURE));
	return {
		n8n,
		client,
		witness,
		sign: signature.sign,
		async close() {
			await n8n.dispose();
			await witness.close();
		},
	};
}

module.exports = { openStage };
