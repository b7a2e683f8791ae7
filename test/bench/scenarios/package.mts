import fs from 'node:fs';
import path from 'node:path';
import { ensureN8n } from '../../../tools/n8n/index.mts';
import { repoDir } from '../../../tools/shared/paths.mts';
import { run as runCommand } from '../../../tools/shared/run.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { format, formatSpread, medianOf } from '../measure/statistics.mts';

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

/** @returns bytes */
async function sizeOf(folder): Promise<{ packed: number; unpacked: number }> {
	const output = await runCommand('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: folder,
	});
	const answer = JSON.parse(output);
	const [{ size, unpackedSize }] = Array.isArray(answer) ? answer : Object.values(answer);
	return { packed: size, unpacked: unpackedSize };
}

/** Puts a package where it finds the n8n-workflow of a real n8n, as when it is installed. */
function place(folder, runtime) {
	const modules = path.join(scratchFolder('loaded'), 'node_modules');
	const target = path.join(modules, path.basename(path.dirname(folder)));
	fs.mkdirSync(modules, { recursive: true });
	fs.cpSync(path.join(folder, 'dist'), path.join(target, 'dist'), { recursive: true });
	fs.copyFileSync(path.join(folder, 'package.json'), path.join(target, 'package.json'));
	const workflow = path.join(runtime.dir, 'node_modules', 'n8n-workflow');
	fs.symlinkSync(workflow, path.join(modules, 'n8n-workflow'));
	return { modules, target };
}

async function loadTimes(folders, rounds) {
	const runtime = await ensureN8n();
	const placed = folders.map((folder) => place(folder, runtime));
	const times = folders.map(() => []);
	for (let round = 0; round <= rounds; round += 1) {
		for (const [index, { modules, target }] of placed.entries()) {
			const ms = Number(
				await runCommand(runtime.nodePath, ['-e', LOADER, target], { cwd: modules }),
			);
			// The first round reads the files from the disk.
			if (round > 0) times[index].push(ms);
		}
	}
	return times;
}

function resultOf({ times, sizes }) {
	const [ours, starter] = times;
	const ratio = medianOf(ours) / medianOf(starter);
	const perNode = [medianOf(ours) / 2, medianOf(starter)];
	const relative = (name) => sizes[0][name] / sizes[1][name];
	const kilobytes = (bytes) => `${format(bytes / 1_000)} kB`;
	const names = { packed: 'Tarball', unpacked: 'Unpacked' };
	return {
		raw: { times, sizes },
		marks: [
			{
				what: 'Time to load two nodes and a credential ÷ that of the starter (one node, two credentials)',
				mark: '≤ 1',
				measured: format(ratio),
				isMet: ratio <= 1,
			},
			...Object.entries(names).map(([name, label]) => ({
				what: `${label} ÷ that of the starter`,
				mark: '≤ 2',
				measured: format(relative(name)),
				isMet: relative(name) <= 2,
			})),
		],
		tables: [
			{
				caption: `Loading: ${ours.length} fresh processes of each, in turn, with n8n-workflow loaded before.`,
				columns: ['', 'This package', 'n8n’s starter, built'],
				rows: [
					['Load, ms', ...times.map(formatSpread)],
					['Load for each node, ms', ...perNode.map(format)],
					...Object.entries(names).map(([name, label]) => [
						label,
						...sizes.map((size) => kilobytes(size[name])),
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
				series: [{ name: 'Load time', values: [starter, ours] }],
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

export async function run({ packageDir, isShort }) {
	const folders = [packageDir, await buildStarter()];
	const times = await loadTimes(folders, isShort ? 5 : 40);
	const sizes = [await sizeOf(packageDir), await sizeOf(folders[1])];
	return resultOf({ times, sizes });
}
