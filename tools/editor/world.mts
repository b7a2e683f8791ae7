import { chromium } from 'playwright-core';
import {
	N8nClient,
	installPackage,
	newUserFolder,
	packPackage,
	startN8n,
} from '../n8n/driver/index.mts';
import { ensureN8n } from '../n8n/index.mts';
import { ARGS, ensureChromium } from './chromium.mts';

/** What browser tests share. */
export interface World {
	n8nUrl: string;
	/** of the owner */
	cookie: string;
	/** for `chromium.connect` */
	browserEndpoint: string;
	/** of the package */
	tarball: string;
}

/** A real n8n with an owner. */
export interface OwnedN8n {
	n8nUrl: string;
	/** of the owner */
	cookie: string;
	dispose: () => Promise<void>;
}

export async function startOwnedN8n({
	tarball,
	env,
}: {
	/** of a package, installed before the start */
	tarball?: string;
	env?: NodeJS.ProcessEnv;
} = {}): Promise<OwnedN8n> {
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
 * Starts a browser, and a real n8n with the package installed as a user would.
 *
 * @param env of n8n
 */
export async function startWorld(
	env?: NodeJS.ProcessEnv,
): Promise<{ world: World; dispose: () => Promise<void> }> {
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
