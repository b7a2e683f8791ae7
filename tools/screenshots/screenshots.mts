/*
 * `npm run screenshots`: takes the pictures of the documentation anew, from a real n8n.
 */
import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../shared/paths.mts';
import { PICTURES } from './pictures.mts';
import { openStageIn } from '../editor/stage.mts';
import { startWorld } from '../editor/world.mts';
import type { Page } from 'playwright-core';
import type { N8nClient, SavedCredential } from '../n8n/driver/index.mts';
import type { World } from '../editor/world.mts';

const FOLDER = path.join(repoDir, 'docs', 'images');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Taken in both themes; the others only in the light one. */
const IN_BOTH = ['canvas', 'text-to-video'];

/** An address as readers' own servers have it. Nothing is sent there. */
const ENV = { WEBHOOK_URL: 'https://n8n.example.com/' };

const SIZE = { width: 1440, height: 880 };

/** n8n's messages in the corner. */
const HIDDEN = '.el-notification, [data-sonner-toaster] { visibility: hidden !important }';

/** Icons load a moment later than the rest. */
async function waitForIcons(page: Page): Promise<void> {
	await page
		.locator('img')
		.evaluateAll(
			async (images: HTMLImageElement[]) =>
				await Promise.all(images.map(async (image) => await image.decode().catch(() => {}))),
		);
}

/** Otherwise n8n would number the next credential: each picture has an emulator of its own. */
async function deleteCredentials(client: N8nClient): Promise<void> {
	for (const { id } of await client.get<SavedCredential[]>('/credentials')) {
		await client.request('DELETE', `/credentials/${id}`);
	}
}

async function takePicture(world: World, name: string, colorScheme: Theme): Promise<void> {
	const stage = await openStageIn(world, { viewport: SIZE, colorScheme });
	try {
		const subject = await PICTURES[name](stage);
		await stage.editor.page.mouse.move(0, 0);
		await waitForIcons(stage.editor.page);
		const file = `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`;
		await subject.screenshot({
			path: path.join(FOLDER, file),
			style: HIDDEN,
			animations: 'disabled',
			caret: 'hide',
		});
		process.stdout.write(`docs/images/${file}\n`);
		await deleteCredentials(stage.client);
	} finally {
		await stage.close();
	}
}

/** @param wanted names of pictures; none: all */
async function main(wanted: string[]): Promise<void> {
	fs.mkdirSync(FOLDER, { recursive: true });
	const { world, dispose } = await startWorld(ENV);
	try {
		for (const name of Object.keys(PICTURES)) {
			if (wanted.length > 0 && !wanted.includes(name)) continue;
			for (const theme of THEMES) {
				if (theme === 'light' || IN_BOTH.includes(name)) await takePicture(world, name, theme);
			}
		}
	} finally {
		await dispose();
	}
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
