import fs from 'node:fs';
import path from 'node:path';
import { withLock } from '../shared/lock.mts';
import { run } from '../shared/run.mts';

/** Looked for in this order, in the folders of PATH. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where the systems without such a name in PATH keep it. */
const PLACES = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const HOW_TO =
	'The browser tests need Chromium or Google Chrome. Install one of them, or set CHROMIUM_PATH to its program.';

/** Without these, Chromium calls home at every start; its sandbox refuses to work for root. */
export const ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** @returns path of a browser on this machine */
function findChromium(): string | undefined {
	const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
	const inPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
	return [process.env.CHROMIUM_PATH, ...inPath, ...PLACES].find(
		(file) => file !== undefined && fs.existsSync(file),
	);
}

const canInstall = () => process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get');

async function installChromium() {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run('apt-get', ['update'], { env, step: 'Updating the list of system packages' });
	const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'];
	await run('apt-get', install, { env, step: 'Installing Chromium' });
}

/**
 * Finds a browser, or installs one where that can be done without asking.
 *
 * @returns path of its program
 * @throws that tells what to do
 */
export async function ensureChromium(): Promise<string> {
	if (findChromium() === undefined && canInstall()) {
		await withLock('chromium', async () => {
			if (findChromium() === undefined) await installChromium();
		});
	}
	const found = findChromium();
	if (found === undefined) throw new Error(HOW_TO);
	return found;
}
