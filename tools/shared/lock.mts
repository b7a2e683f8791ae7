import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './errors.mts';
import { runtimeDir } from './paths.mts';

const RETRY_MS = 200;

/** Nothing here takes that long: whoever has the holder's process ID now is another process. */
const MAX_AGE_MS = 30 * 60_000;

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return codeOf(error) === 'EPERM';
	}
}

/** @returns whether this process holds the lock now */
function tryLock(file: string): boolean {
	try {
		fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (codeOf(error) !== 'EEXIST') throw error;
		return false;
	}
}

/** A holder that was killed leaves its file behind; a file without an ID is one being written. */
function clearDeadHolder(file: string) {
	try {
		const holder = Number(fs.readFileSync(file, 'utf8'));
		const isOld = Date.now() - fs.statSync(file).mtimeMs > MAX_AGE_MS;
		if (isOld || (holder > 0 && !isAlive(holder))) fs.rmSync(file, { force: true });
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') throw error;
	}
}

/**
 * Runs `action` while no other process on this machine runs one under the same name.
 * Waits as long as the holder lives, but not for a holder of half an hour.
 */
export async function withLock<T>(name: string, action: () => Promise<T>): Promise<T> {
	const file = path.join(runtimeDir, 'locks', `${name}.lock`);
	fs.mkdirSync(path.dirname(file), { recursive: true });
	for (let waited = false; !tryLock(file); waited = true) {
		if (!waited) process.stderr.write(`Waiting for another process (${name}) …\n`);
		clearDeadHolder(file);
		await sleep(RETRY_MS);
	}
	try {
		return await action();
	} finally {
		fs.rmSync(file, { force: true });
	}
}
