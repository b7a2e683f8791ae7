import fs from 'node:fs';
import { createRequire } from 'node:module';
// The first of all that leads to n8n-core.
import { home } from './environment.mts';
import { BinaryDataConfig, BinaryDataService, DataDeduplicationService } from 'n8n-core';
import { ProcessedData } from './processed-data.mts';
import type { IBinaryData } from 'n8n-workflow';

interface DiContainer {
	get: <T>(service: abstract new (...args: never[]) => T) => T;
}

const load = createRequire(import.meta.url);

// The container that n8n-core itself uses: a tree may hold several copies of that package.
const di: { Container: DiContainer } = createRequire(load.resolve('n8n-core'))('@n8n/di');
const { Container } = di;

void DataDeduplicationService.init(new ProcessedData());

/** `default` keeps binary data in memory, as base64. */
export type BinaryMode = 'default' | 'filesystem';

let currentMode: BinaryMode | undefined;
let runsInProgress = 0;

/**
 * Claims n8n's one binary data service for a run.
 *
 * @returns to be called when the run is over
 * @throws when a run with the other mode is under way: the service knows one mode at a time
 */
export async function claimBinaryMode(mode: BinaryMode): Promise<() => void> {
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

/** @returns the bytes of a binary field of an item, wherever they are kept */
export async function readBinary(binaryData: IBinaryData): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer(binaryData);
}

/** @returns what is behind an address that n8n has signed */
export async function readSigned(address: string): Promise<Buffer> {
	const token = new URL(address).searchParams.get('token') ?? '';
	const service = Container.get(BinaryDataService);
	return await readBinary({ id: service.validateSignedToken(token), mimeType: '', data: '' });
}

/** Where binary data of `filesystem` runs lies. */
export const binaryFolder = (): string => Container.get(BinaryDataConfig).localStoragePath;

/** Removes everything the runs of this process left on the disk. */
export function removeHome() {
	fs.rmSync(home, { recursive: true, force: true });
}
