import fs from 'node:fs';
import { createRequire } from 'node:module';
// The first of all that leads to n8n-core.
import { home } from './environment.mts';
import { BinaryDataConfig, BinaryDataService } from 'n8n-core';

const load = createRequire(import.meta.url);

// The container that n8n-core itself uses: a tree may hold several copies of that package.
const { Container } = createRequire(load.resolve('n8n-core'))('@n8n/di');

let currentMode;
let runsInProgress = 0;

/**
 * Claims n8n's one binary data service for a run.
 *
 * @param mode `default` keeps binary data in memory, as base64
 * @returns to be called when the run is over
 * @throws when a run with the other mode is under way: the service knows one mode at a time
 */
export async function claimBinaryMode(mode: 'default' | 'filesystem'): Promise<() => void> {
	if (mode !== currentMode) {
		if (runsInProgress > 0) throw new Error('Runs at the same time must share one binaryMode');
		currentMode = mode;
		Container.get(BinaryDataConfig).mode = mode;
		await Container.get(BinaryDataService).init();
	}
	runsInProgress += 1;
	return () => {
		runsInProgress -= 1;
	};
}

/**
 * @param binaryData a binary field of an item
 * @returns its bytes, wherever they are kept
 */
export async function readBinary(binaryData: { id?: string; data: string }): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer(binaryData);
}

/** Where binary data of `filesystem` runs lies. */
export const binaryFolder = () => Container.get(BinaryDataConfig).localStoragePath;

/** Removes everything the runs of this process left on the disk. */
export function removeHome() {
	fs.rmSync(home, { recursive: true, force: true });
}
