import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';

const FILE = path.join(repoDir, 'docs', 'compatibility.md');

const cellsOf = (line: string): string[] =>
	line
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim());

interface Table {
	versions: string[];
	/** `cells` in the order of `versions`. */
	rows: Array<{ subject: string; cells: string[] }>;
}

/** Reads the table that users read: what the package does on which n8n. */
export function readTable(): Table {
	const lines = fs.readFileSync(FILE, 'utf8').split('\n');
	const [head, , ...body] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
	return {
		versions: head.slice(1),
		rows: body.map(([subject, ...cells]) => ({ subject, cells })),
	};
}
