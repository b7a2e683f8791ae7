import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';

const FILE = path.join(repoDir, 'docs', 'compatibility.md');

const cellsOf = (line) =>
	line
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim());

/**
 * Reads the table that users read: what the package does on which n8n.
 *
 * @returns `cells` in
 *   the order of `versions`
 */
export function readTable(): {
	versions: string[];
	rows: Array<{ subject: string; cells: string[] }>;
} {
	const lines = fs.readFileSync(FILE, 'utf8').split('\n');
	const [head, , ...body] = lines.filter((line) => line.startsWith('|')).map(cellsOf);
	return {
		versions: head.slice(1),
		rows: body.map(([subject, ...cells]) => ({ subject, cells })),
	};
}
