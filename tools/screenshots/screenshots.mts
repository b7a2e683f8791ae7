/*
 * `npm run screenshots`: takes the pictures of the documentation anew, from a real n8n.
 */
import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../shared/paths.mts';
import { PICTURES } from './pictures.mts';
import { openStageIn } from '../editor/stage.mts';
import { startWorld } from '../editor/world.mts';

const FOLDER = path.join(repoDir, 'docs', 'images');
const THEMES = ['light', 'dark'];

/** Taken in the dark, too. */
const IN_BOTH = ['canvas', 'text-to-video'];

/** What readers have is a server of their own. Nothing is sent there. */
const ENV = { WEBHOOK_URL: 'https://n8n.example.com/' };

const SIZE = { width: 1440, height: 880 };

/** Messages in a corner, and the caret, which blinks. */
const HIDDEN = '.el-notification, [data-sonner-toaster] { visibility: hidden !important }';

/** Icons come a moment later than the rest. */
async function untilIconsAreDrawn(page) {
	await page
		.locator('img')
		.evaluateAll(
			async (images) =>
				await Promise.all(images.map(async (image) => await image.decode().catch(() => {}))),
		);
}

/** n8n numbers those of one kind, and each picture has an emulator of its own. */
async function forgetCredentials(client) {
	for (const { id } of await client.get('/credentials')) {
		await client.request('DELETE', `/credentials/${id}`);
	}
}

async function takePicture(world, name, colorScheme) {
	const stage = await openStageIn(world, { viewport: SIZE, colorScheme });
	try {
		const subject = await PICTURES[name](stage);
		await stage.editor.page.mouse.move(0, 0);
		await untilIconsAreDrawn(stage.editor.page);
		const file = `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`;
		await subject.screenshot({
			path: path.join(FOLDER, file),
			style: HIDDEN,
			animations: 'disabled',
			caret: 'hide',
		});
		process.stdout.write(`docs/images/${file}\n`);
		await forgetCredentials(stage.client);
	} finally {
		await stage.close();
	}
}

/** @param wanted names of pictures; none: all */
async function main(wanted: string[]) {
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
	process.stderr.write(`${error.stack}\n`);
	process.exitCode = 1;
});
