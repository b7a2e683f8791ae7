import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { codeOf } from './errors.mts';

/** of its output, shown when a command fails */
const LAST_LINES = 15;
const MAX_KEPT_CHARS = 200_000;

const running = new Set<ChildProcess>();

const isWindows = process.platform === 'win32';

function killWithDescendants({ pid }: ChildProcess) {
	if (pid === undefined) return;
	try {
		process.kill(isWindows ? pid : -pid, 'SIGKILL');
	} catch (error) {
		if (codeOf(error) !== 'ESRCH') throw error;
	}
}

process.on('exit', () => running.forEach(killWithDescendants));

/**
 * Ends a process, if it could be started, and its descendants when this process exits.
 *
 * @param child leader of a process group of its own
 */
export function endWithThisProcess(child: ChildProcess) {
	if (child.pid === undefined) return;
	running.add(child);
	child.once('exit', () => running.delete(child));
}

/**
 * Says that a step has begun and, when it is over, how long it took. In a terminal the seconds
 * count up in place; in a log there are two lines.
 *
 * @param text what is being done, e.g. `Installing n8n 2.41.1`
 * @returns ends the step
 */
export function showStep(text: string): (outcome?: string) => void {
	const startedAt = Date.now();
	const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
	const isTerminal = process.stderr.isTTY;
	if (!isTerminal) {
		process.stderr.write(`${text} …\n`);
		return (outcome = 'done') => process.stderr.write(`${text}: ${outcome}, ${seconds()}\n`);
	}
	const draw = (ending: string) => process.stderr.write(`\r\x1b[K${text} … ${ending}`);
	draw('');
	const timer = setInterval(() => draw(seconds()), 1000).unref();
	return (outcome = 'done') => {
		clearInterval(timer);
		draw(`${outcome}, ${seconds()}\n`);
	};
}

export interface RunOptions {
	cwd?: string;
	/** default: that of this process */
	env?: NodeJS.ProcessEnv;
	/** progress is shown under this text */
	step?: string;
}

/**
 * Runs a command to its end, quietly, in a process group of its own that ends with this process.
 *
 * @returns what it wrote to its standard output
 * @throws with the last lines of its output when it fails or cannot be started
 */
export async function run(
	command: string,
	args: string[],
	{ cwd, env = process.env, step }: RunOptions = {},
): Promise<string> {
	const endStep = step ? showStep(step) : () => {};
	const child = spawn(command, args, {
		cwd,
		env,
		detached: !isWindows,
		shell: isWindows,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output = { stdout: '', all: '' };
	child.stdout.on('data', (chunk) => (output.stdout += chunk));
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk) => (output.all = (output.all + chunk).slice(-MAX_KEPT_CHARS)));
	}
	endWithThisProcess(child);
	try {
		const [code, signal] = await once(child, 'close');
		if (code === 0) {
			endStep();
			return output.stdout;
		}
		const lastLines = output.all.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
		const call = [command, ...args].join(' ');
		throw new Error(`\`${call}\` ended with ${signal ?? `exit code ${code}`}:\n${lastLines}`);
	} catch (error) {
		endStep('did not work');
		throw error;
	}
}
