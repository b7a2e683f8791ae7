import fs from 'node:fs';
import path from 'node:path';
import { withLock } from '../../shared/lock.mts';
import { showStep } from '../../shared/run.mts';
import { scratchFolder } from '../../shared/scratch.mts';
import { boot } from './process.mts';
import type { N8nRuntime } from '../n8n.mts';

/** Migrating a new database takes n8n longer than the rest of its start, so it is done once. */
async function ensureMigratedHome(runtime: N8nRuntime): Promise<string> {
	const migrated = path.join(runtime.dir, 'migrated-home');
	if (fs.existsSync(migrated)) return migrated;
	await withLock(`migrated-home-${runtime.version}`, async () => {
		if (fs.existsSync(migrated)) return;
		const endStep = showStep(`Starting n8n ${runtime.version} for the first time`);
		const userFolder = scratchFolder('homes');
		const logFile = path.join(userFolder, 'n8n.log');
		const n8n = await boot({ runtime, userFolder, logFile });
		await n8n.end();
		fs.rmSync(logFile);
		// Made anew by each n8n, and large.
		fs.rmSync(path.join(userFolder, '.cache'), { recursive: true, force: true });
		fs.cpSync(userFolder, `${migrated}.part`, { recursive: true });
		fs.renameSync(`${migrated}.part`, migrated);
		endStep();
	});
	return migrated;
}

/**
 * Makes a user folder of its own for one n8n: database migrated, no owner yet.
 *
 * @returns its path; a later run removes it once this process has ended
 */
export async function newUserFolder(runtime: N8nRuntime): Promise<string> {
	const migrated = await ensureMigratedHome(runtime);
	const userFolder = scratchFolder('homes');
	fs.cpSync(migrated, userFolder, { recursive: true });
	return userFolder;
}
