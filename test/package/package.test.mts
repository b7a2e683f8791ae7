import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { packPackage } from '../../tools/n8n/driver/package.mts';
import { repoDir } from '../../tools/shared/paths.mts';
import { run } from '../../tools/shared/run.mts';
import { scratchFolder } from '../../tools/shared/scratch.mts';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import type { Verdict } from './scan.mts';

const load = createRequire(import.meta.url);

/** Of n8n's own starter template, built. */
const STARTER_BYTES = 83_000;

/** The part of package.json that is read here. */
interface Manifest {
	n8n: { nodes: string[]; credentials: string[] };
	scripts: Record<string, string>;
	peerDependencies: Record<string, string>;
}

let tarball: string;
let unpacked: string;
let manifest: Manifest;

beforeAll(async () => {
	tarball = await packPackage();
	unpacked = await unpack();
	manifest = JSON.parse(fs.readFileSync(path.join(unpacked, 'package.json'), 'utf8'));
});

/** @returns a folder with a copy of the published package */
async function unpack(): Promise<string> {
	const folder = scratchFolder('unpacked');
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	return folder;
}

/** @returns a folder with a copy of what the scanner reads of the sources */
function copySources(): string {
	const folder = scratchFolder('sources');
	for (const name of ['package.json', 'nodes', 'credentials']) {
		fs.cpSync(path.join(repoDir, name), path.join(folder, name), { recursive: true });
	}
	return folder;
}

/** Paths of all files below a folder, with slashes, sorted. */
const filesIn = (folder: string): string[] =>
	fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
		.map((name) => name.split(path.sep).join('/'))
		.sort();

/** The scanner's linters behave as in their own tests where NODE_ENV is `test`. */
const { NODE_ENV: _, ...env } = process.env;

const SCAN = path.join(import.meta.dirname, 'scan.mts');

const scan = async (kind: 'sources' | 'published', folder: string): Promise<Verdict> =>
	JSON.parse(
		await run(process.execPath, ['--import', 'tsx', SCAN, kind, folder], { cwd: repoDir, env }),
	);

const prepend = (file: string, text: string) =>
	fs.writeFileSync(file, text + fs.readFileSync(file, 'utf8'));

describe('the tarball', () => {
	test('holds the built sources, the documents of the root, and nothing else', () => {
		const built = ['nodes', 'credentials', 'icons'].flatMap((folder) =>
			filesIn(path.join(repoDir, folder)).map((name) =>
				`dist/${folder}/${name}`.replace(/\.ts$/, '.js'),
			),
		);
		const documents = fs.readdirSync(repoDir).filter((name) => /^(readme|license)/i.test(name));
		expect(filesIn(unpacked)).toEqual([...built, ...documents, 'package.json'].sort());
	});

	test('holds no file of a kind that n8n has no use for', () => {
		const useful = /^(package\.json|LICENSE|README(\.zh-CN)?\.md|dist\/.+\.(js|svg|node\.json))$/;
		expect(filesIn(unpacked).filter((name) => !useful.test(name))).toEqual([]);
	});

	test('is at most half as large again as n8n’s own starter template', () =>
		expect(fs.statSync(tarball).size).toBeLessThan(1.5 * STARTER_BYTES));

	test('holds every node and credential that it declares, with its icons', () => {
		const { nodes, credentials } = manifest.n8n;
		expect([nodes.length, credentials.length]).toEqual([2, 1]);
		for (const entry of [...nodes, ...credentials]) {
			const exported: Record<string, new () => INodeType | ICredentialType> = load(
				path.join(repoDir, entry),
			);
			expect(fs.existsSync(path.join(unpacked, entry))).toBe(true);
			const instance = new (Object.values(exported)[0])();
			const { icon: icons = '' } = 'description' in instance ? instance.description : instance;
			expect(typeof icons).toBe('object');
			for (const icon of Object.values(icons)) {
				const file = path.join(unpacked, path.dirname(entry), icon.replace('file:', ''));
				expect([icon, fs.existsSync(file)]).toEqual([icon, true]);
			}
		}
	});

	test('declares every node and credential that it holds', () => {
		const held = filesIn(unpacked).filter((name) => /\.(node|credentials)\.js$/.test(name));
		expect([...manifest.n8n.nodes, ...manifest.n8n.credentials].sort()).toEqual(held);
	});
});

describe('the manifest', () => {
	test('installs nothing else, and runs nothing when it is installed', () => {
		for (const field of ['dependencies', 'optionalDependencies', 'bundledDependencies']) {
			expect(manifest).not.toHaveProperty(field);
		}
		expect(manifest).not.toHaveProperty('overrides');
		const scripts = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare'];
		expect(Object.keys(manifest.scripts).filter((name) => scripts.includes(name))).toEqual([]);
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('is that of a community node', () => {
		expect(manifest).toMatchObject({
			name: 'n8n-nodes-apixo',
			license: 'MIT',
			keywords: expect.arrayContaining(['n8n-community-node-package']),
			files: ['dist'],
			n8n: { n8nNodesApiVersion: 1, strict: true },
		});
	});
});

describe('n8n’s scanner', () => {
	test('passes the sources', async () => {
		expect(await scan('sources', repoDir)).toEqual({ passed: true });
	});

	test('passes the published package', async () => {
		expect(await scan('published', unpacked)).toEqual({ passed: true });
	});

	test.each([
		["const fs = require('fs');\n", /no-restricted-imports/],
		['process.env.PATH;\n', /no-restricted-globals/],
		['console.log(1);\n', /no-console/],
	])('rejects a package with %j', async (line, rule) => {
		const folder = await unpack();
		prepend(path.join(folder, manifest.n8n.nodes[0]), line);
		const { passed, details } = await scan('published', folder);
		expect(passed).toBe(false);
		expect(details).toMatch(rule);
	});

	test('rejects sources that use what a node may not', async () => {
		const folder = copySources();
		prepend(path.join(folder, 'nodes/WanVideo/WanVideo.node.ts'), "import 'fs';\n");
		const { passed, details } = await scan('sources', folder);
		expect(passed).toBe(false);
		expect(details).toMatch(/no-restricted-imports/);
	});
});
