import fs from 'node:fs';
import path from 'node:path';
import { newUserFolder } from './homes.mts';
import { boot } from './process.mts';
import type { N8nRuntime } from '../n8n.mts';

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

/**
 * Starts a real n8n and waits until it can be used. It ends with this process at the latest.
 *
 * @throws with the last lines of its log
 */
export async function startN8n({
	runtime,
	userFolder,
	env,
	webhookUrl,
	port,
	command,
}: {
	runtime: N8nRuntime;
	/** default: a new one */
	userFolder?: string;
	/** added to what the harness sets */
	env?: NodeJS.ProcessEnv;
	/** default: the server's own address */
	webhookUrl?: string;
	/** default: a free one */
	port?: number;
	/** what to run of n8n, see `boot` */
	command?: string[];
}): Promise<N8nServer> {
	const home = userFolder ?? (await newUserFolder(runtime));
	const logFile = path.join(home, 'n8n.log');
	const settings = { runtime, userFolder: home, env, webhookUrl, logFile, command };
	let current = await boot({ ...settings, port });
	const stop = async (signal) => await current.end(signal);

	return {
		url: current.url,
		port: current.port,
		get pid() {
			return current.pid;
		},
		userFolder: home,
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
			fs.rmSync(home, { recursive: true, force: true });
		},
	};
}
