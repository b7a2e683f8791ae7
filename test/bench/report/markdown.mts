import fs from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { repoDir } from '../../../tools/shared/paths.mts';
import { svgOf } from './charts.mts';
import type { Scenario } from '../scenarios/index.mts';

const { version } = JSON.parse(fs.readFileSync(path.join(repoDir, 'package.json'), 'utf8'));

const HEAD = `# Benchmarks

How fast the node is, beside what you would do without it. Everything runs on one machine against a stand-in for APIXO ([emulator](../emulator/README.md)), in a real n8n. Both sides of a ratio were measured in the same run. Written by \`npm run bench\`; \`npm run bench -- NAME\` measures one scenario anew.

Where more than one number stands in a cell, it is the median, and the lowest and highest in brackets.
`;

const cells = (values) => `| ${values.join(' | ')} |`;

const table = (columns, rows) =>
	[cells(columns), cells(columns.map(() => '---')), ...rows.map(cells)].join('\n');

const marksTable = (entries) =>
	table(
		['Scenario', 'Figure', 'Mark', 'Measured', ''],
		entries.flatMap(({ name, result }) =>
			result.marks.map(({ what, mark, measured, isMet }) => [
				`[${name}](#${name})`,
				what,
				mark,
				measured,
				isMet ? 'reached' : '**missed**',
			]),
		),
	);

function section({ name, title, result }) {
	return [
		`## ${name}`,
		`**${title}.** Measured ${result.at.slice(0, 10)} in ${result.seconds} s by \`npm run bench -- ${name}\`; ${result.machine.load}.`,
		...result.tables.flatMap(({ caption, columns, rows }) => [table(columns, rows), caption]),
		...result.charts.map(({ file, title: alt }) => `![${alt}](images/bench-${file}.svg)`),
		...result.notes.map((note) => `- ${note}`),
	].join('\n\n');
}

function machineTable({ result }) {
	const { processor, memory, system, n8n } = result.machine;
	return table(['', ''], Object.entries({ processor, memory, system, n8n, package: version }));
}

/** Writes `benchmarks.md` and its charts from the newest results of each scenario. */
export async function writeReport({
	scenarios,
	results,
	target,
}: {
	scenarios: Scenario[];
	/** folder with a JSON file for each scenario that was run */
	results: string;
	/** folder to write to */
	target: string;
}) {
	const entries = scenarios.flatMap(({ name, title }) => {
		const file = path.join(results, `${name}.json`);
		if (!fs.existsSync(file)) return [];
		return [{ name, title, result: JSON.parse(fs.readFileSync(file, 'utf8')) }];
	});
	const images = path.join(target, 'images');
	fs.mkdirSync(images, { recursive: true });
	for (const chart of entries.flatMap(({ result }) => result.charts)) {
		fs.writeFileSync(path.join(images, `bench-${chart.file}.svg`), svgOf(chart));
	}
	const text = [
		HEAD,
		machineTable(entries[0]),
		'## Marks',
		marksTable(entries),
		...entries.map(section),
	].join('\n\n');
	const file = path.join(target, 'benchmarks.md');
	const style = await prettier.resolveConfig(path.join(import.meta.dirname, 'x.md'));
	fs.writeFileSync(file, await prettier.format(text, { ...style, filepath: file }));
}
