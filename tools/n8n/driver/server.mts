import fs from 'node:fs';
import path from 'node:path';
import { newUserFolder } from './homes.mts';
import { boot } from './process.mts';
import type { BootOptions } from './process.mts';

/** A real n8n on loopback. */
export interface N8nServer {
	/** without a slash at the end */
	url: string;
	port: number;
	/** of the current process; its task runner is in the same process group */
	pid: number;
	userFolder: string;
	logFile: string;
	/** everything that n8n wrote so far */
	log: () => string;
	/** default SIGTERM; keeps the user folder */
	stop: (signal?: NodeJS.Signals) => Promise<void>;
	/** SIGKILL: no time to save or say anything */
	kill: () => Promise<void>;
	/** same port, same user folder */
	restart: (signal?: NodeJS.Signals) => Promise<void>;
	/** ends it at once and removes its user folder */
	dispose: () => Promise<void>;
}

export interface StartOptions extends Omit<BootOptions, 'userFolder' | 'logFile'> {
	/** default: a new one */
	userFolder?: string;
}

/**
 * Starts a real n8n and waits until it can be used. It ends with this process at the latest.
 *
 * @throws with the last lines of its log
 */
export async function startN8n({ port, ...options }: StartOptions): Promise<N8nServer> {
	const userFolder = options.userFolder ?? (await newUserFolder(options.runtime));
	const logFile = path.join(userFolder, 'n8n.log');
	const settings = { ...options, userFolder, logFile };
	let current = await boot({ ...settings, port });
	const stop = async (signal?: NodeJS.Signals) => await current.end(signal);

	return {
		url: current.url,
		port: current.port,
		get pid() {
			return current.pid;
		},
		userFolder,
		logFile,
		log: () => fs.readFileSync(logFile, 'utf8'),
		stop,
		kill: async () => await stop('SIGKILL'),
		async restart(signal) {
			await stop(signal);
			current = await boot({ ...settings, port: current.port });
		},
		async dispose() {
			await stop('SIGKILL');
			fs.rmSync(userFolder, { recursive: true, force: true });
		},
	};
}
