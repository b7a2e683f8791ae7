import { chromium, selectors } from 'playwright-core';
import { N8nClient } from '../n8n/driver/index.mts';
import { DEFAULT_KEY, startEmulator } from '../../emulator/index.mts';
import { Editor } from './editor.mts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { INodeCredentialsDetails } from 'n8n-workflow';
import type { Emulator } from '../../emulator/index.mts';
import type { World } from './world.mts';

selectors.setTestIdAttribute('data-test-id');

/** A busy machine draws slowly. */
const ACTION_TIMEOUT_MS = 30_000;

const LOOPBACK = ['127.0.0.1', 'localhost'];

const isLocal = (url: string) =>
	!/^(https?|wss?):/.test(url) || LOOPBACK.includes(new URL(url).hostname);

/** A page with the owner logged in, which can reach nothing but this machine. */
async function newPage(
	browser: Browser,
	{ n8nUrl, cookie }: World,
	options: BrowserContextOptions,
): Promise<Page> {
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

/** What a file of tests works with. */
export interface Stage {
	apixo: Emulator;
	client: N8nClient;
	editor: Editor;
	/** for `apixo` */
	createCredential: (apiKey?: string) => Promise<INodeCredentialsDetails>;
	close: () => Promise<void>;
}

/** Opens a page in n8n, and starts an emulator for it. */
export async function openStageIn(
	world: World,
	pageOptions: BrowserContextOptions = {},
): Promise<Stage> {
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
