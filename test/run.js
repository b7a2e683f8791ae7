'use strict';

/*
 * Every check of this repository, for people and for CI. Until the packages are installed, only
 * what Node itself has may be loaded here.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { installPackages } = require('./demo/packages');
const { repoDir } = require('./runtime/paths');
const { scratchFolder } = require('./runtime/scratch');

const USAGE = `node test/run.js [--all] [step …]

Without a step, those that need nothing but Node and npm; with --all, every one.
`;

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} [command] counts as one check
 * @property {boolean} [isTier] a folder of tests with a jest.config.js; each test counts
 * @property {boolean} [isExtra] only with --all, or by name
 * @property {boolean} [isVital] the steps after it mean nothing without it
 */

/** @type {Step[]} in this order */
const STEPS = [
	{ name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
	{ name: 'lint', command: ['n8n-node', 'lint'] },
	{ name: 'lint-tests', command: ['eslint', '--config', 'test/eslint.config.mjs', 'test'] },
	{ name: 'build', command: ['npm', 'run', 'build'], isVital: true },
	{ name: 'unit', isTier: true },
	{ name: 'engine', isTier: true },
	{ name: 'package', isTier: true },
	{ name: 'e2e', isTier: true, isExtra: true },
	{ name: 'browser', isTier: true, isExtra: true },
	{ name: 'versions', isTier: true, isExtra: true },
	{ name: 'queue', isTier: true, isExtra: true },
	{ name: 'campaign', command: ['node', 'test/campaign/run.js', '--short'], isExtra: true },
	{ name: 'demo', command: ['npm', 'start', '--', '--once'], isExtra: true },
];

const isWindows = process.platform === 'win32';

/** Runs a command with its output shown. @returns {Promise<boolean>} whether it ended well */
async function succeeds([command, ...args]) {
	const binaries = path.join(repoDir, 'node_modules', '.bin');
	const PATH = [binaries, process.env.PATH].join(path.delimiter);
	const env = { ...process.env, PATH };
	const child = spawn(command, args, { cwd: repoDir, env, stdio: 'inherit', shell: isWindows });
	const [code] = await once(child, 'close');
	return code === 0;
}

const asOneCheck = (isGood) => ({ passed: isGood ? 1 : 0, failed: isGood ? 0 : 1 });

/** Counts the tests of a tier. A file that could not be run counts as a failed test. */
async function runTier(name) {
	const report = path.join(scratchFolder('reports'), `${name}.json`);
	const config = path.join('test', name, 'jest.config.js');
	const isGood = await succeeds(['jest', '-c', config, '--json', '--outputFile', report]);
	if (!fs.existsSync(report)) return asOneCheck(false);
	const result = JSON.parse(fs.readFileSync(report, 'utf8'));
	const passed = result.numPassedTests;
	const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
	const isSound = failed > 0 || (isGood && passed > 0);
	return { passed, failed: isSound ? failed : failed + 1, skipped: result.numPendingTests };
}

/** @param {Step} step @returns {Promise<{ passed: number, failed: number, skipped?: number }>} */
const runStep = async ({ name, command, isTier }) =>
	isTier ? await runTier(name) : asOneCheck(await succeeds(command));

/** @param {string[]} args @returns {Step[] | undefined} undefined if there is no such step */
function chosenSteps(args) {
	const names = args.filter((arg) => arg !== '--all');
	if (names.some((name) => !STEPS.some((step) => step.name === name))) return undefined;
	if (names.length > 0) return STEPS.filter(({ name }) => names.includes(name));
	return STEPS.filter(({ isExtra }) => !isExtra || args.includes('--all'));
}

async function main() {
	const steps = chosenSteps(process.argv.slice(2));
	if (steps === undefined) {
		const names = STEPS.map(({ name }) => name).join(', ');
		process.stderr.write(`${USAGE}\nSteps: ${names}\n`);
		return 2;
	}
	await installPackages();
	const total = { passed: 0, failed: 0 };
	const lines = [];
	for (const step of steps) {
		process.stdout.write(`\n── ${step.name}\n`);
		const startedAt = Date.now();
		const { passed, failed, skipped } = await runStep(step);
		const seconds = Math.round((Date.now() - startedAt) / 1000);
		total.passed += passed;
		total.failed += failed;
		const note = skipped ? `, ${skipped} skipped` : '';
		lines.push(`${step.name}: ${passed} good, ${failed} bad${note}, ${seconds} s`);
		if (failed > 0 && step.isVital) break;
	}
	process.stdout.write(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
	return total.failed === 0 ? 0 : 1;
}

main().then(
	(code) => (process.exitCode = code),
	(error) => {
		process.stderr.write(`\n${error.message}\n\n`);
		process.stdout.write('0 passed, 1 failed\n');
		process.exitCode = 1;
	},
);
