import fs from 'node:fs';
import path from 'node:path';
import { ensureN8n } from '../../../tools/n8n/index.mts';
import type { N8nRuntime } from '../../../tools/n8n/n8n.mts';
import { repoDir } from '../../../tools/shared/paths.mts';
import { run as runCommand } from '../../../tools/shared/run.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { format, formatSpread, medianOf } from '../measure/statistics.mts';
import type { Result, Settings } from '../scenario.mts';

const MODULES = path.join(repoDir, 'node_modules');

const TEMPLATE = path.join(
	MODULES,
	'@n8n/node-cli/dist/template/templates/declarative/github-issues/template',
);

/** What `require` and `new` of all nodes and credentials take, in a process that has n8n-workflow. */
const LOADER = `
require('n8n-workflow');
const { n8n } = require(process.argv[1] + '/package.json');
const begin = process.hrtime.bigint();
for (const file of [...n8n.nodes, ...n8n.credentials]) {
	const Type = Object.values(require(process.argv[1] + '/' + file))[0];
	if (!new Type()) throw new Error(file);
}
process.stdout.write(String(Number(process.hrtime.bigint() - begin) / 1e6));
`;

/** n8n's own starter, as its tool makes it, built by its tool. @returns folder */
async function buildStarter(): Promise<string> {
	const folder = path.join(scratchFolder('starter'), 'package');
	fs.cpSync(TEMPLATE, folder, { recursive: true });
	const manifest = path.join(folder, 'package.json');
	const text = fs.readFileSync(manifest, 'utf8');
	fs.writeFileSync(manifest, text.replace('{{nodePackageName}}', 'n8n-nodes-starter'));
	fs.symlinkSync(MODULES, path.join(folder, 'node_modules'));
	const PATH = [path.join(MODULES, '.bin'), process.env.PATH].join(path.delimiter);
	await runCommand('n8n-node', ['build'], { cwd: folder, env: { ...process.env, PATH } });
	return folder;
}

/** In bytes. */
interface Size {
	packed: number;
	unpacked: number;
}

/** What `npm pack --json` writes, by the version of npm. */
type PackReport = Array<{ size: number; unpackedSize: number }>;

async function sizeOf(folder: string): Promise<Size> {
	const output = await runCommand('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: folder,
	});
	const report: PackReport | Record<string, PackReport[number]> = JSON.parse(output);
	const [{ size, unpackedSize }] = Object.values(report);
	return { packed: size, unpacked: unpackedSize };
}

interface Placed {
	/** the `node_modules` around it */
	modules: string;
	/** the package's folder */
	target: string;
}

/** Puts a package where it finds the n8n-workflow of a real n8n, as when it is installed. */
function place(folder: string, runtime: N8nRuntime): Placed {
	const modules = path.join(scratchFolder('loaded'), 'node_modules');
	const target = path.join(modules, path.basename(path.dirname(folder)));
	fs.mkdirSync(modules, { recursive: true });
	fs.cpSync(path.join(folder, 'dist'), path.join(target, 'dist'), { recursive: true });
	fs.copyFileSync(path.join(folder, 'package.json'), path.join(target, 'package.json'));
	const workflow = path.join(runtime.dir, 'node_modules', 'n8n-workflow');
	fs.symlinkSync(workflow, path.join(modules, 'n8n-workflow'));
	return { modules, target };
}

/** What is measured of the package, and of the starter. */
interface Both<T> {
	ours: T;
	starter: T;
}

/** Both in turn, each time in a fresh process. @returns milliseconds */
async function loadTimes(folders: Both<string>, rounds: number): Promise<Both<number[]>> {
	const runtime = await ensureN8n();
	const ours = place(folders.ours, runtime);
	const starter = place(folders.starter, runtime);
	const load = async ({ modules, target }: Placed) =>
		Number(await runCommand(runtime.nodePath, ['-e', LOADER, target], { cwd: modules }));
	const times: Both<number[]> = { ours: [], starter: [] };
	// The first round reads the files from the disk.
	for (let round = 0; round <= rounds; round += 1) {
		const measured = { ours: await load(ours), starter: await load(starter) };
		if (round === 0) continue;
		times.ours.push(measured.ours);
		times.starter.push(measured.starter);
	}
	return times;
}

const kilobytes = (bytes: number) => `${format(bytes / 1_000)} kB`;

const SIZES: Array<[figure: keyof Size, label: string]> = [
	['packed', 'Tarball'],
	['unpacked', 'Unpacked'],
];

function resultOf(times: Both<number[]>, sizes: Both<Size>): Result {
	const ratio = medianOf(times.ours) / medianOf(times.starter);
	const relative = (figure: keyof Size) => sizes.ours[figure] / sizes.starter[figure];
	return {
		raw: { times, sizes },
		marks: [
			{
				what: 'Time to load two nodes and a credential ÷ that of the starter (one node, two credentials)',
				mark: '≤ 1',
				measured: format(ratio),
				isMet: ratio <= 1,
			},
			...SIZES.map(([figure, label]) => ({
				what: `${label} ÷ that of the starter`,
				mark: '≤ 2',
				measured: format(relative(figure)),
				isMet: relative(figure) <= 2,
			})),
		],
		tables: [
			{
				caption: `Loading: ${times.ours.length} fresh processes of each, in turn, with n8n-workflow loaded before.`,
				columns: ['', 'This package', 'n8n’s starter, built'],
				rows: [
					['Load, ms', formatSpread(times.ours), formatSpread(times.starter)],
					[
						'Load for each node, ms',
						format(medianOf(times.ours) / 2),
						format(medianOf(times.starter)),
					],
					...SIZES.map(([figure, label]) => [
						label,
						kilobytes(sizes.ours[figure]),
						kilobytes(sizes.starter[figure]),
					]),
				],
			},
		],
		charts: [
			{
				file: 'package',
				title: 'Loading all nodes and credentials',
				yName: 'milliseconds',
				categories: ['n8n’s starter', 'This package'],
				series: [{ name: 'Load time', values: [times.starter, times.ours] }],
			},
		],
		notes: [
			'Where the mark is missed: this package has more than 60 small modules, the starter 15, and finding and compiling a file costs more than what is in it. It is paid once, when n8n starts, and is some 5 to 20 ms. One bundled file would save most of it, and would ship something that reviewers cannot read beside its source.',
			'The starter is the template “declarative/github-issues” of `@n8n/node-cli`, built by `n8n-node build`. It ships source maps, type files and no README to speak of.',
		],
	};
}

export const name = 'package';

export const title = 'Load time and size beside n8n’s starter';

export async function run({ packageDir, isShort }: Settings): Promise<Result> {
	const starterDir = await buildStarter();
	const folders = { ours: packageDir, starter: starterDir };
	const times = await loadTimes(folders, isShort ? 5 : 40);
	return resultOf(times, { ours: await sizeOf(packageDir), starter: await sizeOf(starterDir) });
}
