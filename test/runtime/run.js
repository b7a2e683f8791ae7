const { spawn } = require('node:child_process');
const { once } = require('node:events');

const LAST_LINES = 15;
const MAX_KEPT_OUTPUT = 200_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

const isWindows = process.platform === 'win32';

/** @param {import('node:child_process').ChildProcess} child */
function killWithDescendants(child) {
	try {
		process.kill(isWindows ? child.pid : -child.pid, 'SIGKILL');
	} catch (error) {
		if (error.code !== 'ESRCH') throw error;
	}
}

process.on('exit', () => running.forEach(killWithDescendants));

/**
 * Ends a process, if it could be started, and its descendants when this process exits.
 *
 * @param {import('node:child_process').ChildProcess} child leader of a process group of its own
 */
function endWithThisProcess(child) {
	if (child.pid === undefined) return;
	running.add(child);
	child.once('exit', () => running.delete(child));
}

/**
 * Says that a step has begun and, when it is over, how long it took. In a terminal the seconds
 * count up in place; in a log there are two lines.
 *
 * @param {string} text what is being done, e.g. `Installing n8n 2.41.1`
 * @returns {(outcome?: string) => void} ends the step
 */
function showStep(text) {
	const startedAt = Date.now();
	const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
	const isTerminal = process.stderr.isTTY;
	if (!isTerminal) {
		process.stderr.write(`${text} …\n`);
		return (outcome = 'done') => process.stderr.write(`${text}: ${outcome}, ${seconds()}\n`);
	}
	const draw = (ending) => process.stderr.write(`\r\x1b[K${text} … ${ending}`);
	draw('');
	const timer = setInterval(() => draw(seconds()), 1000).unref();
	return (outcome = 'done') => {
		clearInterval(timer);
		draw(`${outcome}, ${seconds()}\n`);
	};
}

/**
 * Runs a command to its end, quietly, in a process group of its own that ends with this process.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, step?: string }} [options] with `step`, progress
 *   is shown under that text
 * @returns {Promise<string>} what it wrote to its standard output
 * @throws {Error} with the last lines of its output when it fails or cannot be started
 */
async function run(command, args, { cwd, env = process.env, step } = {}) {
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
		stream.on('data', (chunk) => (output.all = (output.all + chunk).slice(-MAX_KEPT_OUTPUT)));
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

module.exports = { run, showStep, endWithThisProcess };
