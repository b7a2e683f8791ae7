import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { endWithThisProcess } from '../../shared/run.mts';
import { environmentOf } from './environment.mts';
import { freePort } from './ports.mts';
import type { N8nRuntime } from '../n8n.mts';

const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 100;
const STOP_TIMEOUT_MS = 20_000;
const PORT_TRIES = 5;
const LAST_LINES = 20;

class PortTakenError extends Error {}

/** One n8n process with its task runner. */
interface N8nProcess {
	pid: number;
	/** without a slash at the end */
	url: string;
	port: number;
	/** asks it to end (default SIGTERM), then ends what is left of its process group; the first call counts */
	end: (signal?: NodeJS.Signals) => Promise<void>;
}

/** macOS answers EPERM where Linux says that the group is gone. */
const GONE = ['ESRCH', 'EPERM'];

function killGroup(groupId: number) {
	try {
		process.kill(-groupId, 'SIGKILL');
	} catch (error) {
		if (!GONE.includes(error.code)) throw error;
	}
}

function spawnN8n({ runtime, env, logFile, command }) {
	const log = fs.openSync(logFile, 'a');
	const child = spawn(
		runtime.nodePath,
		['--import', path.join(import.meta.dirname, 'end-with-parent.mts'), runtime.n8nBin, ...command],
		{ env, detached: true, stdio: ['ignore', log, log, 'pipe'] },
	);
	fs.closeSync(log);
	endWithThisProcess(child);
	return child;
}

async function saysThatItIsReady({ url }) {
	try {
		const { data } = await axios.get(`${url}/healthz/readiness`, { timeout: 5_000, proxy: false });
		return data?.status === 'ok';
	} catch {
		return false;
	}
}

/**
 * When each command of n8n can be used. The main process says so of itself before it has looked
 * for what a crash left behind, and before it listens to production webhooks.
 */
const READINESS = {
	start: ({ logged }) => logged().includes('Editor is now accessible via'),
	webhook: saysThatItIsReady,
	worker: saysThatItIsReady,
};

async function waitUntilReady({ child, url, command: [command], logFile, logStart }) {
	const deadline = Date.now() + READY_TIMEOUT_MS;
	const logged = () => fs.readFileSync(logFile).subarray(logStart).toString();
	while (!(await READINESS[command]({ url, logged }))) {
		const ended = child.exitCode !== null || child.signalCode !== null;
		if (ended || Date.now() > deadline) {
			const lines = logged().trimEnd().split('\n').slice(-LAST_LINES).join('\n');
			const Kind = lines.includes('is already in use') ? PortTakenError : Error;
			throw new Kind(`n8n ${ended ? 'ended' : 'did not get ready'}:\n${lines}`);
		}
		await sleep(READY_POLL_MS);
	}
}

async function endProcess(child, exited, signal) {
	child.kill(signal);
	const giveUp = new AbortController();
	await Promise.race([
		exited,
		sleep(STOP_TIMEOUT_MS, undefined, { signal: giveUp.signal }).catch(() => {}),
	]);
	giveUp.abort();
	killGroup(child.pid);
	await exited;
}

async function bootOnce({ runtime, userFolder, port, webhookUrl, env, logFile, command }) {
	const mainPort = port ?? (await freePort());
	const url = `http://127.0.0.1:${mainPort}`;
	const settings = { runtime, userFolder, port: mainPort, brokerPort: await freePort() };
	const logStart = fs.existsSync(logFile) ? fs.statSync(logFile).size : 0;
	const child = spawnN8n({
		runtime,
		env: environmentOf({ ...settings, webhookUrl, env }),
		logFile,
		command,
	});
	const exited = once(child, 'exit');
	child.stdio[3].on('error', () => {});
	try {
		await waitUntilReady({ child, url, command, logFile, logStart });
	} catch (error) {
		await endProcess(child, exited, 'SIGKILL');
		throw error;
	}
	let ended;
	const end = async (signal = 'SIGTERM') => {
		ended ??= endProcess(child, exited, signal);
		await ended;
	};
	return { pid: child.pid, url, port: mainPort, end };
}

/**
 * Boots n8n and waits until it can be used. Another process may take a port between its choice and
 * its use: then other ports are tried (the broker's only, when `port` is given).
 *
 * @throws with the last lines of the log when it does not get ready
 */
export async function boot({
	command = ['start'],
	...settings
}: {
	runtime: N8nRuntime;
	userFolder: string;
	/** appended to */
	logFile: string;
	port?: number;
	webhookUrl?: string;
	env?: NodeJS.ProcessEnv;
	/** of n8n, default `['start']`; or one that begins with `webhook` or `worker`, with the environment of queue mode */
	command?: string[];
}): Promise<N8nProcess> {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await bootOnce({ ...settings, command });
		} catch (error) {
			if (!(error instanceof PortTakenError) || attempt === PORT_TRIES) throw error;
		}
	}
}
