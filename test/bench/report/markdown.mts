import fs from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { repoDir } from '../../../tools/shared/paths.mts';
import type { Scenario } from '../scenario.mts';
import { svgOf } from './charts.mts';
import { readResult } from './results.mts';
import type { StoredResult } from './results.mts';

interface Entry extends Pick<Scenario, 'name' | 'title'> {
	result: StoredResult;
}

const HEAD = `# Benchmarks

How fast the node is, beside what you would do without it. Everything runs on one machine against a stand-in for APIXO ([emulator](../emulator/README.md)), in a real n8n. Both sides of a ratio were measured in the same run. Written by \`npm run bench\`; \`npm run bench -- NAME\` measures one scenario anew.

Where more than one number stands in a cell, it is the median, and the lowest and highest in brackets.
`;

function packageVersion(): string {
	const { version }: { version: string } = JSON.parse(
		fs.readFileSync(path.join(repoDir, 'package.json'), 'utf8'),
	);
	return version;
}

const cells = (values: string[]) => `| ${values.join(' | ')} |`;

const table = (columns: string[], rows: string[][]) =>
	[cells(columns), cells(columns.map(() => '---')), ...rows.map(cells)].join('\n');

const marksTable = (entries: Entry[]) =>
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

function section({ name, title, result }: Entry): string {
	return [
		`## ${name}`,
		`**${title}.** Measured ${result.at.slice(0, 10)} in ${result.seconds} s by \`npm run bench -- ${name}\`; ${result.machine.load}.`,
		...result.tables.flatMap(({ caption, columns, rows }) => [table(columns, rows), caption]),
		...result.charts.map(({ file, title: alt }) => `![${alt}](images/bench-${file}.svg)`),
		...result.notes.map((note) => `- ${note}`),
	].join('\n\n');
}

function machineTable({ result }: Entry): string {
	const { processor, memory, system, n8n } = result.machine;
	const facts = { processor, memory, system, n8n, package: packageVersion() };
	return table(['', ''], Object.entries(facts));
}

function writeCharts(entries: Entry[], folder: string) {
	fs.mkdirSync(folder, { recursive: true });
	for (const chart of entries.flatMap(({ result }) => result.charts)) {
		fs.writeFileSync(path.join(folder, `bench-${chart.file}.svg`), svgOf(chart));
	}
}

/** Writes `benchmarks.md` and its charts from the newest result of each scenario. */
export async function writeReport({
	scenarios,
	results,
	target,
}: {
	scenarios: Scenario[];
	/** folder of the results */
	results: string;
	/** folder to write to */
	target: string;
}) {
	const entries = scenarios.flatMap(({ name, title }) => {
		const result = readResult(results, name);
		return result === undefined ? [] : [{ name, title, result }];
	});
	writeCharts(entries, path.join(target, 'images'));
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
