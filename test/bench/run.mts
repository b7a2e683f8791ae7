/*
 * `npm run bench`: measures what the node does beside what users would do instead.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packPackage } from '../../tools/n8n/driver/index.mts';
import { repoDir, runtimeDir } from '../../tools/shared/paths.mts';
import { run } from '../../tools/shared/run.mts';
import { scratchFolder } from '../../tools/shared/scratch.mts';
import { machine } from './report/machine.mts';
import { writeReport } from './report/markdown.mts';
import { writeResult } from './report/results.mts';
import type { StoredResult } from './report/results.mts';
import { SCENARIOS as scenarios } from './scenarios/index.mts';
import type { Scenario, Settings } from './scenario.mts';

const USAGE = `npm run bench [-- options] [-- scenario …]

  --short          fewer repetitions and smaller sizes: shows that all works; writes no document
  --tarball FILE   measures this packed package; default: what is built from the sources now
  --help           this text

Scenarios: ${scenarios.map(({ name }) => name).join(', ')}; default: all.
Writes test/bench/RESULTS.md from the newest results of each scenario.
`;

const OPTIONS = {
	short: { type: 'boolean', default: false },
	tarball: { type: 'string' },
	help: { type: 'boolean', default: false },
} as const;

/** @returns folder of the package as users have it */
async function unpack(tarball: string): Promise<string> {
	const folder = scratchFolder('unpacked');
	await run('tar', ['-xzf', tarball, '-C', folder]);
	// n8n gives it `n8n-workflow`.
	fs.symlinkSync(path.join(repoDir, 'node_modules'), path.join(folder, 'node_modules'));
	return path.join(folder, 'package');
}

async function runScenario(
	scenario: Scenario,
	settings: Omit<Settings, 'log'>,
): Promise<StoredResult> {
	const log = (text: string) => process.stderr.write(`[${scenario.name}] ${text}\n`);
	const startedAt = new Date();
	log('begins');
	const result = await scenario.run({ ...settings, log });
	const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000);
	log(`took ${seconds} s`);
	return { ...result, at: startedAt.toISOString(), seconds, machine: await machine() };
}

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
	const chosen = scenarios.filter(
		({ name }) => positionals.length === 0 || positionals.includes(name),
	);
	const isUnknown = positionals.some((name) => !scenarios.some((one) => one.name === name));
	if (values.help || isUnknown) {
		process.stdout.write(USAGE);
		return isUnknown ? 2 : 0;
	}
	const results = path.join(runtimeDir, 'bench', values.short ? 'short' : 'full');
	const target = values.short ? results : import.meta.dirname;
	const tarball = path.resolve(values.tarball ?? (await packPackage()));
	// Where the cluster of queue mode looks for it.
	process.env.PACKAGE_UNDER_TEST = tarball;
	const settings = { tarball, packageDir: await unpack(tarball), isShort: values.short };
	for (const scenario of chosen) {
		writeResult(results, scenario.name, await runScenario(scenario, settings));
		await writeReport({ scenarios, results, target });
	}
	return 0;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`\n${error instanceof Error ? error.stack : error}\n`);
		process.exit(1);
	},
);
