import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { required } from '../required.mts';
import type { ChildProcess } from 'node:child_process';

const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
const LAST_LINES = 20;

/** A server that n8n needs, on loopback. */
export interface Service {
	/** asks it to end, in good order */
	stop: () => Promise<void>;
	/** ends it at once */
	kill: () => Promise<void>;
	/** after it has ended: same port, same folder */
	start: () => Promise<void>;
}

export interface ServiceUser {
	uid: number;
	gid: number;
}

interface Blueprint {
	command: string;
	args: string[];
	/** where it runs and writes `service.log` */
	folder: string;
	/** default: this process's own */
	user?: ServiceUser;
	signals: { stop: NodeJS.Signals; kill: NodeJS.Signals };
	isReady: () => Promise<boolean>;
}

/**
 * Signals a process when this one is gone, however it went: the end of its standard input tells
 * `read`. In a group of its own, so that Ctrl-C does not end it first.
 */
function killWithThisProcess(pid: number, signal: NodeJS.Signals): ChildProcess {
	const script = 'read _; kill -s "$1" "$2"';
	const name = signal.replace('SIG', '');
	const guard = spawn('sh', ['-c', script, 'sh', name, String(pid)], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	guard.stdin.on('error', () => {});
	if (guard.stdin instanceof net.Socket) guard.stdin.unref();
	guard.unref();
	return guard;
}

/** @returns ends it by a signal */
async function launch({ command, args, folder, user, signals, isReady }: Blueprint) {
	const logFile = path.join(folder, 'service.log');
	const log = fs.openSync(logFile, 'a');
	const child = spawn(command, args, {
		...user,
		cwd: folder,
		detached: true,
		stdio: ['ignore', log, log],
	});
	fs.closeSync(log);
	const ended = once(child, 'exit');
	const guard = killWithThisProcess(required(child.pid, 'process'), signals.kill);
	child.once('exit', () => guard.kill());
	const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
	const end = async (signal: NodeJS.Signals) => {
		if (!hasEnded()) child.kill(signal);
		await ended;
	};
	const deadline = Date.now() + READY_TIMEOUT_MS;
	while (!(await isReady())) {
		if (hasEnded() || Date.now() > deadline) {
			await end(signals.kill);
			const lines = fs.readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
			throw new Error(`${path.basename(command)} did not get ready:\n${lines.join('\n')}`);
		}
		await sleep(READY_POLL_MS);
	}
	return end;
}

/**
 * Starts a server and waits until it can be used. It ends with this process at the latest.
 *
 * @throws with the last lines of its log
 */
export async function startService(blueprint: Blueprint): Promise<Service> {
	let end = await launch(blueprint);
	return {
		stop: async () => await end(blueprint.signals.stop),
		kill: async () => await end(blueprint.signals.kill),
		async start() {
			end = await launch(blueprint);
		},
	};
}
