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

/** What the document says of a scenario. */
interface Part {
	/** rows of the table of marks */
	marks: string[];
	section: string;
}

const HEAD = `# Benchmarks

How fast the node is, beside what you would do without it. Everything runs on one machine against a stand-in for APIXO ([emulator](../../emulator/README.md)), in a real n8n. Both sides of a ratio were measured in the same run. Written by \`npm run bench\`; \`npm run bench -- NAME\` measures one scenario anew.

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

const HEADING = /^## /m;

const marksOf = ({ name, result }: Entry): string[] =>
	result.marks.map(({ what, mark, measured, isMet }) =>
		cells([`[${name}](#${name})`, what, mark, measured, isMet ? 'reached' : '**missed**']),
	);

/** What a document that was written before says of a scenario. */
function partIn(text: string, name: string): Part | undefined {
	const section = text.split(HEADING).find((one) => one.startsWith(`${name}\n`));
	if (section === undefined) return undefined;
	const marks = text.split('\n').filter((line) => line.startsWith(`| [${name}](#${name})`));
	return { marks, section: `## ${section.trim()}` };
}

function section({ name, title, result }: Entry): string {
	return [
		`## ${name}`,
		`**${title}.** Measured ${result.at.slice(0, 10)} in ${result.seconds} s by \`npm run bench -- ${name}\`; ${result.machine.load}.`,
		...result.tables.flatMap(({ caption, columns, rows }) => [table(columns, rows), caption]),
		...result.charts.map(({ file, title: alt }) => `![${alt}](images/${file}.svg)`),
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
		fs.writeFileSync(path.join(folder, `${chart.file}.svg`), svgOf(chart));
	}
}

/**
 * Writes `RESULTS.md` and its charts from the newest result of each scenario. Of one without a
 * result here, what was written before stays.
 */
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
	const file = path.join(target, 'RESULTS.md');
	const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
	const entries: Entry[] = [];
	const parts = scenarios.flatMap(({ name, title }): Part[] => {
		const result = readResult(results, name);
		const kept = partIn(before, name);
		if (result === undefined) return kept === undefined ? [] : [kept];
		const entry = { name, title, result };
		entries.push(entry);
		return [{ marks: marksOf(entry), section: section(entry) }];
	});
	writeCharts(entries, path.join(target, 'images'));
	const text = [
		HEAD,
		machineTable(entries[0]),
		'## Marks',
		[
			table(['Scenario', 'Figure', 'Mark', 'Measured', ''], []),
			...parts.flatMap(({ marks }) => marks),
		].join('\n'),
		...parts.map((part) => part.section),
	].join('\n\n');
	const style = await prettier.resolveConfig(path.join(import.meta.dirname, 'x.md'));
	fs.writeFileSync(file, await prettier.format(text, { ...style, filepath: file }));
}
