const { chromium, selectors } = require('playwright-core');
const { N8nClient } = require('../../e2e/harness');
const { DEFAULT_KEY, startEmulator } = require('../../emulator');
const { Editor } = require('./editor');

selectors.setTestIdAttribute('data-test-id');

/** A busy machine draws slowly. */
const ACTION_TIMEOUT_MS = 30_000;

const LOOPBACK = ['127.0.0.1', 'localhost'];

const isLocal = (url) => !/^(https?|wss?):/.test(url) || LOOPBACK.includes(new URL(url).hostname);

/** A page of n8n's owner, that can reach nothing but this machine. */
async function newPage(browser, { n8nUrl, cookie }, options) {
	const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
	const [name, ...value] = cookie.split('=');
	await context.addCookies([{ name, value: value.join('='), url: n8nUrl }]);
	await context.route(
		(url) => !isLocal(url.href),
		async (route) => await route.abort(),
	);
	context.setDefaultTimeout(ACTION_TIMEOUT_MS);
	return await context.newPage();
}

/**
 * What a file of tests works with.
 *
 * @typedef {object} Stage
 * @property {Awaited<ReturnType<typeof startEmulator>>} apixo
 * @property {N8nClient} client
 * @property {Editor} editor
 * @property {(apiKey?: string) => Promise<{ id: string, name: string }>} createCredential for `apixo`
 * @property {() => Promise<void>} close
 */

/**
 * @param {import('./world').World} world
 * @param {object} [pageOptions] of Playwright's browser context
 * @returns {Promise<Stage>}
 */
async function openStageIn(world, pageOptions = {}) {
	const apixo = await startEmulator({ generationMs: 1_000, seed: Date.now() });
	const client = new N8nClient(world.n8nUrl);
	client.cookie = world.cookie;
	const browser = await chromium.connect(world.browserEndpoint);
	const page = await newPage(browser, world, pageOptions);
	return {
		apixo,
		client,
		editor: new Editor(page, world.n8nUrl, isLocal),
		async createCredential(apiKey = DEFAULT_KEY) {
			const data = { apiKey, baseUrl: apixo.baseUrl };
			const credential = { name: 'APIXO account', type: 'apixoApi', data };
			const { id, name } = await client.createCredential(credential);
			return { id, name };
		},
		async close() {
			await browser.close();
			await apixo.close();
		},
	};
}

/** @returns {import('./world').World} that of Jest's global setup */
const sharedWorld = () => JSON.parse(process.env.BROWSER_WORLD);

/** @returns {Promise<Stage & { credential: { id: string, name: string } }>} */
async function openStage() {
	const stage = await openStageIn(sharedWorld());
	return { ...stage, credential: await stage.createCredential() };
}

module.exports = { openStage, openStageIn, sharedWorld };
