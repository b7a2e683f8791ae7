'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// n8n-core reads its settings when it is first asked for them, so the folder has to be named before
// it is loaded; and no run may write into the home of the person who starts the tests.
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'wan-video-engine-'));
Object.assign(process.env, {
	N8N_USER_FOLDER: home,
	N8N_ENCRYPTION_KEY: 'engine-tests-encryption-key',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
	N8N_LOG_LEVEL: 'silent',
});

const { createRequire } = require('node:module');
const { BinaryDataConfig, BinaryDataService } = require('n8n-core');

// The container that n8n-core itself uses: a tree may hold several copies of that package.
const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di');

let currentMode;
let runsInProgress = 0;

/**
 * Claims n8n's one binary data service for a run.
 *
 * @param {'default' | 'filesystem'} mode `default` keeps binary data in memory, as base64
 * @returns {Promise<() => void>} to be called when the run is over
 * @throws when a run with the other mode is under way: the service knows one mode at a time
 */
async function claimBinaryMode(mode) {
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
 * @param {{id?: string, data: string}} binaryData a binary field of an item
 * @returns {Promise<Buffer>} its bytes, wherever they are kept
 */
async function readBinary(binaryData) {
	return await Container.get(BinaryDataService).getAsBuffer(binaryData);
}

/** Where binary data of `filesystem` runs lies. */
const binaryFolder = () => Container.get(BinaryDataConfig).localStoragePath;

/** Removes everything the runs of this process left on the disk. */
function removeHome() {
	fs.rmSync(home, { recursive: true, force: true });
}

module.exports = { claimBinaryMode, readBinary, binaryFolder, removeHome };
