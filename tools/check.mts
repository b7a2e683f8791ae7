/*
 * Every check of this repository, for people and for CI.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { messageOf } from './shared/errors.mts';
import { repoDir } from './shared/paths.mts';
import { scratchFolder } from './shared/scratch.mts';

const USAGE = `npm test [-- --all] [-- step …]

Without a step, those that need nothing but Node and npm; with --all, every one.
`;

type Command = [program: string, ...args: string[]];

interface Step {
	name: string;
	/** counts as one check; without it, the step is a folder of tests, of which each counts */
	command?: Command;
	/** only with --all, or by name */
	isExtra?: boolean;
	/** runs while the step before it does: both mostly wait */
	isBeside?: boolean;
	/** the steps after it mean nothing without it */
	isVital?: boolean;
}

/** In this order */
const STEPS: Step[] = [
	{ name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
	{ name: 'lint', command: ['n8n-node', 'lint'] },
	{
		name: 'lint-tests',
		command: ['eslint', '--config', 'eslint.test.config.mjs', 'emulator', 'tools', 'test'],
	},
	{ name: 'types', command: ['tsc', '-p', 'tsconfig.test.json'] },
	{ name: 'build', command: ['npm', 'run', 'build'], isVital: true },
	{ name: 'unit' },
	{ name: 'engine' },
	{ name: 'package' },
	{ name: 'e2e', isExtra: true },
	{ name: 'browser', isExtra: true },
	{ name: 'versions', isExtra: true, isBeside: true },
	{ name: 'queue', isExtra: true },
	{
		name: 'campaign',
		command: ['node', '--import', 'tsx', 'test/campaign/run.mts', '--short'],
		isExtra: true,
	},
	{ name: 'demo', command: ['npm', 'start', '--', '--once'], isExtra: true },
];

const isWindows = process.platform === 'win32';

/** Runs a command with its output shown. @returns whether it ended well */
async function succeeds([program, ...args]: Command): Promise<boolean> {
	const binaries = path.join(repoDir, 'node_modules', '.bin');
	const PATH = [binaries, process.env.PATH].join(path.delimiter);
	const env = { ...process.env, PATH };
	const child = spawn(program, args, { cwd: repoDir, env, stdio: 'inherit', shell: isWindows });
	const [code] = await once(child, 'close');
	return code === 0;
}

interface Count {
	passed: number;
	failed: number;
	skipped?: number;
}

const asOneCheck = (isGood: boolean): Count => ({
	passed: isGood ? 1 : 0,
	failed: isGood ? 0 : 1,
});

/** The part of Jest's report that is used. */
type JestReport = Record<
	'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numRuntimeErrorTestSuites',
	number
>;

/** Counts the tests of a folder. A file that could not be run counts as a failed test. */
async function runTests(name: string): Promise<Count> {
	const report = path.join(scratchFolder('reports'), `${name}.json`);
	const config = path.join('test', name, 'jest.config.js');
	const isGood = await succeeds(['jest', '-c', config, '--json', '--outputFile', report]);
	if (!fs.existsSync(report)) return asOneCheck(false);
	const result: JestReport = JSON.parse(fs.readFileSync(report, 'utf8'));
	const passed = result.numPassedTests;
	const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
	const isSound = failed > 0 || (isGood && passed > 0);
	return { passed, failed: isSound ? failed : failed + 1, skipped: result.numPendingTests };
}

interface Outcome extends Count {
	seconds: number;
}

async function runStep({ name, command }: Step): Promise<Outcome> {
	process.stdout.write(`\n── ${name}\n`);
	const startedAt = Date.now();
	const count = command ? asOneCheck(await succeeds(command)) : await runTests(name);
	return { ...count, seconds: Math.round((Date.now() - startedAt) / 1000) };
}

/** @returns steps that run at the same time, in their order */
function groupsOf(steps: Step[]): Step[][] {
	const groups: Step[][] = [];
	for (const step of steps) {
		if (step.isBeside && groups.length > 0) groups[groups.length - 1].push(step);
		else groups.push([step]);
	}
	return groups;
}

/** @returns undefined if there is no such step */
function chosenSteps(args: string[]): Step[] | undefined {
	const names = args.filter((arg) => arg !== '--all');
	if (names.some((name) => !STEPS.some((step) => step.name === name))) return undefined;
	if (names.length > 0) return STEPS.filter(({ name }) => names.includes(name));
	const areAll = args.includes('--all');
	return STEPS.filter(({ isExtra }) => !isExtra || areAll);
}

/** @returns exit code */
async function main(): Promise<number> {
	const steps = chosenSteps(process.argv.slice(2));
	if (steps === undefined) {
		const names = STEPS.map(({ name }) => name).join(', ');
		process.stderr.write(`${USAGE}\nSteps: ${names}\n`);
		return 2;
	}
	const total = { passed: 0, failed: 0 };
	const lines: string[] = [];
	for (const group of groupsOf(steps)) {
		const outcomes = await Promise.all(group.map(runStep));
		for (const [index, { passed, failed, skipped, seconds }] of outcomes.entries()) {
			total.passed += passed;
			total.failed += failed;
			const note = skipped ? `, ${skipped} skipped` : '';
			lines.push(`${group[index].name}: ${passed} good, ${failed} bad${note}, ${seconds} s`);
		}
		if (group.some(({ isVital }, index) => isVital && outcomes[index].failed > 0)) break;
	}
	process.stdout.write(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
	return total.failed === 0 ? 0 : 1;
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		process.stderr.write(`\n${messageOf(error)}\n\n`);
		process.stdout.write('0 passed, 1 failed\n');
		process.exitCode = 1;
	},
);
