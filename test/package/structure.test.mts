/** How the source files depend on each other, and which of them are JavaScript. */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repoDir } from '../../tools/shared/paths.mts';

const wan = (...rooms: string[]) => rooms.map((room) => `nodes/WanVideo/${room}`);
const [media, model, descriptions, tasks, run] = wan(
	...['media', 'model', 'descriptions', 'tasks', 'run'],
);
const [webhook, wait, trigger, actions] = wan('webhook', 'wait', 'trigger', 'actions');
const BELOW_WAN = ['nodes/shared', 'nodes/apixo'];

/** Which folder may import which. A folder without a row of its own belongs to the one above it. */
const MAY_IMPORT: Record<string, string[]> = {
	'nodes/shared': [],
	'nodes/apixo': ['nodes/shared'],
	[media]: ['nodes/shared'],
	[model]: [...BELOW_WAN, media],
	[descriptions]: [media, model],
	[tasks]: [...BELOW_WAN, model, descriptions],
	[run]: [...BELOW_WAN, media, model, descriptions, tasks],
	[webhook]: ['nodes/shared'],
	[wait]: [...BELOW_WAN, model, descriptions, tasks, run, webhook],
	[trigger]: [...BELOW_WAN, model, descriptions, run, webhook],
	[actions]: [...BELOW_WAN, media, model, descriptions, tasks, run, webhook, wait, trigger],
	'nodes/WanVideo': ['nodes/shared', descriptions, tasks, run, webhook, wait, trigger, actions],
	credentials: ['nodes/apixo'],
	emulator: [],
	tools: ['emulator'],
	'test/support': ['nodes', 'emulator', 'tools'],
	test: ['nodes', 'credentials', 'emulator', 'tools', 'test/support'],
};

/** What loads these knows no TypeScript: each says in its first line what that is. */
const JAVASCRIPT = [
	'.prettierrc.js',
	'eslint.config.mjs',
	'eslint.test.config.mjs',
	'gulpfile.js',
	'test/browser/jest.config.js',
	'test/browser/support/global-setup.js',
	'test/browser/support/global-teardown.js',
	'test/e2e/jest.config.js',
	'test/engine/jest.config.js',
	'test/package/jest.config.js',
	'test/queue/jest.config.js',
	'test/support/jest/base.js',
	'test/support/jest/pack.js',
	'test/support/jest/transform.js',
	'test/unit/jest.config.js',
	'test/versions/jest.config.js',
	'tools/install.js',
	'tools/n8n/sqlite3-shim/index.js',
];

/** n8n's reviewers want it to be just that. */
const N8N_LINT = "import { config } from '@n8n/node-cli/eslint';\n\nexport default config;\n";

/** Each file or folder, and what it imports. */
type Graph = Map<string, Set<string>>;

const read = (file: string) => fs.readFileSync(path.join(repoDir, file), 'utf8');

/** Those that git ignores are left out; those that are not committed yet are not. */
const files = execFileSync('git', ['ls-files', '-z', '-c', '-o', '--exclude-standard'], {
	cwd: repoDir,
	encoding: 'utf8',
})
	.split('\0')
	.filter((file) => file !== '' && fs.existsSync(path.join(repoDir, file)));

const sources = files.filter((file) =>
	/^(nodes|credentials|emulator|tools|test)\/.*\.[cm]?[jt]s$/.test(file),
);

/** @returns relative paths that a file imports: of code, of types, as CommonJS, at run time */
const importsIn = (text: string): string[] =>
	ts
		.preProcessFile(text, true, true)
		.importedFiles.map(({ fileName }) => fileName)
		.filter((name) => name.startsWith('.'));

/** @returns the file that an import leads to; undefined: none of the repository */
function resolve(from: string, name: string): string | undefined {
	const target = path.posix.join(path.posix.dirname(from), name);
	return [target, `${target}.ts`, `${target}.js`].find((file) => sources.includes(file));
}

const isIn = (name: string, folder: string) => name === folder || name.startsWith(`${folder}/`);

function graphOf(pairs: Array<[from: string, to: string]>): Graph {
	const graph: Graph = new Map();
	for (const [from, to] of pairs) graph.set(from, (graph.get(from) ?? new Set()).add(to));
	return graph;
}

const imports = sources.flatMap((from) => importsIn(read(from)).map((name) => ({ from, name })));
const edges = imports.flatMap(({ from, name }): Array<[string, string]> => {
	const to = resolve(from, name);
	return to === undefined ? [] : [[from, to]];
});

/** @returns the imports between groups of files; a folder within another is a part of it */
const edgesBetween = (groupOf: (file: string) => string) =>
	edges
		.map(([from, to]): [string, string] => [groupOf(from), groupOf(to)])
		.filter(([from, to]) => !isIn(from, to) && !isIn(to, from));

/** The longest first: a room may lie in another. */
const rooms = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);

/** @returns the row of the table that a file belongs to; itself: none */
const roomOf = (file: string): string => rooms.find((room) => isIn(file, room)) ?? file;

function circlesIn(graph: Graph): string[] {
	const circles: string[] = [];
	const done = new Set<string>();
	function follow(name: string, way: string[]) {
		if (way.includes(name)) circles.push([...way.slice(way.indexOf(name)), name].join(' → '));
		else if (!done.has(name)) {
			for (const next of graph.get(name) ?? []) follow(next, [...way, name]);
			done.add(name);
		}
	}
	for (const name of graph.keys()) follow(name, []);
	return circles;
}

describe('imports', () => {
	test('are found, whatever they are for', () => {
		const text = `
			import type { A } from './type';
			import { b } from './code.mts';
			export { c } from './exported.mts';
			const d = require('./required');
			const e = await import('./later.mts');
			type F = typeof import('./of-type.mts');
			import fs from 'node:fs';
		`;
		expect(importsIn(text)).toEqual([
			'./type',
			'./code.mts',
			'./exported.mts',
			'./required',
			'./later.mts',
			'./of-type.mts',
		]);
		expect(edges.length).toBeGreaterThan(500);
	});

	test('lead to files of the repository', () => {
		const lost = imports.filter(({ from, name }) => resolve(from, name) === undefined);
		expect(lost).toEqual([]);
	});

	test('that go round in a circle are found', () => {
		const graph = graphOf([
			['a', 'b'],
			['a', 'c'],
			['b', 'c'],
			['c', 'b'],
		]);
		expect(circlesIn(graph)).toEqual(['b → c → b']);
	});

	test('make no circle of files, not even of types', () => {
		expect(circlesIn(graphOf(edges))).toEqual([]);
	});

	test('make no circle of folders', () => {
		expect(circlesIn(graphOf(edgesBetween(path.posix.dirname)))).toEqual([]);
		expect(circlesIn(graphOf(edgesBetween(roomOf)))).toEqual([]);
	});

	test('go only where their folder may import from', () => {
		const isAllowed = ([from, to]: [string, string]) =>
			roomOf(from) === roomOf(to) ||
			(MAY_IMPORT[roomOf(from)] ?? []).some((room) => isIn(roomOf(to), room));
		expect(edges.filter((edge) => !isAllowed(edge))).toEqual([]);
	});
});

describe('JavaScript', () => {
	test('is only what must be', () => {
		expect(files.filter((file) => /\.[cm]?js$/.test(file)).sort()).toEqual(JAVASCRIPT);
	});

	test.each(JAVASCRIPT.filter((file) => file !== 'eslint.config.mjs'))('%s says why', (file) => {
		expect(read(file).split('\n')[0]).toMatch(/^\/\/ JavaScript, because \S+/);
	});

	test('eslint.config.mjs is n8n’s own, to the letter', () => {
		expect(read('eslint.config.mjs')).toBe(N8N_LINT);
	});
});
