import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { codeOf } from '../../shared/errors.mts';
import { endWithThisProcess } from '../../shared/run.mts';
import { environmentOf } from './environment.mts';
import { freePort } from './ports.mts';
import type { N8nRuntime } from '../n8n.mts';

const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 100;
const HEALTH_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 20_000;
const MAX_PORT_TRIES = 5;
const LAST_LINES = 20;

class PortTakenError extends Error {}

/** One n8n process with its task runner. */
interface N8nProcess {
	readonly pid: number;
	/** without a slash at the end */
	url: string;
	port: number;
	/** asks it to end (default SIGTERM), then ends what is left of its process group; the first call counts */
	end: (signal?: NodeJS.Signals) => Promise<void>;
}

/** The part of n8n to run; `webhook` and `worker` need the environment of queue mode. */
export type N8nCommand = [name: 'start' | 'webhook' | 'worker', ...options: string[]];

export interface BootOptions {
	runtime: N8nRuntime;
	userFolder: string;
	/** appended to */
	logFile: string;
	/** default: a free one */
	port?: number;
	/** default: the server's own address */
	webhookUrl?: string;
	/** wins over what is set here */
	env?: NodeJS.ProcessEnv;
	/** default: `['start']` */
	command?: N8nCommand;
}

/** A process that was started. */
interface Started {
	child: ChildProcess;
	pid: number;
	exited: Promise<unknown>;
}

/** macOS answers EPERM where Linux says that the group is gone. */
const GONE: Array<string | undefined> = ['ESRCH', 'EPERM'];

function killGroup(groupId: number) {
	try {
		process.kill(-groupId, 'SIGKILL');
	} catch (error) {
		if (!GONE.includes(codeOf(error))) throw error;
	}
}

async function spawnN8n(
	{ runtime, logFile }: BootOptions,
	command: N8nCommand,
	env: NodeJS.ProcessEnv,
): Promise<Started> {
	const log = fs.openSync(logFile, 'a');
	const child = spawn(
		runtime.nodePath,
		['--import', path.join(import.meta.dirname, 'end-with-parent.mts'), runtime.n8nBin, ...command],
		{ env, detached: true, stdio: ['ignore', log, log, 'pipe'] },
	);
	fs.closeSync(log);
	endWithThisProcess(child);
	child.stdio[3]?.on('error', () => {});
	// Rejects when it could not be started.
	await once(child, 'spawn');
	if (child.pid === undefined) throw new Error(`${runtime.nodePath} has no process ID`);
	return { child, pid: child.pid, exited: once(child, 'exit') };
}

async function saysThatItIsReady(url: string): Promise<boolean> {
	try {
		const options = { timeout: HEALTH_TIMEOUT_MS, proxy: false as const };
		const { data } = await axios.get(`${url}/healthz/readiness`, options);
		return data?.status === 'ok';
	} catch {
		return false;
	}
}

/**
 * When each command of n8n can be used. The main process says so of itself before it has looked
 * for what a crash left behind, and before it listens to production webhooks.
 */
const READINESS: Record<
	N8nCommand[0],
	(url: string, logged: () => string) => boolean | Promise<boolean>
> = {
	start: (_, logged) => logged().includes('Editor is now accessible via'),
	webhook: saysThatItIsReady,
	worker: saysThatItIsReady,
};

/** @param logged what this process wrote so far */
async function waitUntilReady(
	child: ChildProcess,
	isReady: () => boolean | Promise<boolean>,
	logged: () => string,
) {
	const deadline = Date.now() + READY_TIMEOUT_MS;
	while (!(await isReady())) {
		const ended = child.exitCode !== null || child.signalCode !== null;
		if (ended || Date.now() > deadline) {
			const lines = logged().trimEnd().split('\n').slice(-LAST_LINES).join('\n');
			const Kind = lines.includes('is already in use') ? PortTakenError : Error;
			throw new Kind(`n8n ${ended ? 'ended' : 'did not get ready'}:\n${lines}`);
		}
		await sleep(READY_POLL_MS);
	}
}

async function endProcess({ child, pid, exited }: Started, signal: NodeJS.Signals) {
	child.kill(signal);
	const giveUp = new AbortController();
	await Promise.race([
		exited,
		sleep(STOP_TIMEOUT_MS, undefined, { signal: giveUp.signal }).catch(() => {}),
	]);
	giveUp.abort();
	killGroup(pid);
	await exited;
}

async function bootOnce(options: BootOptions): Promise<N8nProcess> {
	const { runtime, userFolder, webhookUrl, env, logFile, command = ['start'] } = options;
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const settings = { runtime, userFolder, port, brokerPort: await freePort(), webhookUrl, env };
	const logStart = fs.existsSync(logFile) ? fs.statSync(logFile).size : 0;
	const logged = () => fs.readFileSync(logFile).subarray(logStart).toString();
	const started = await spawnN8n(options, command, environmentOf(settings));
	try {
		await waitUntilReady(started.child, () => READINESS[command[0]](url, logged), logged);
	} catch (error) {
		await endProcess(started, 'SIGKILL');
		throw error;
	}
	let ended: Promise<void> | undefined;
	const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
		ended ??= endProcess(started, signal);
		await ended;
	};
	return { pid: started.pid, url, port, end };
}

/**
 * Boots n8n and waits until it can be used. Another process may take a port between its choice and
 * its use: then other ports are tried (the broker's only, when `port` is given).
 *
 * @throws with the last lines of the log when it does not get ready
 */
export async function boot(options: BootOptions): Promise<N8nProcess> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await bootOnce(options);
		} catch (error) {
			if (!(error instanceof PortTakenError) || attempt === MAX_PORT_TRIES) throw error;
		}
	}
}
