/** What could let somebody else's code in: on the way to users, and on the way into a release. */

import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../../tools/shared/paths.mts';

interface Manifest {
	devDependencies: Record<string, string>;
	peerDependencies: Record<string, string>;
}

/** A package in npm's lockfile. */
interface LockedPackage {
	dev?: boolean;
	peer?: boolean;
	devOptional?: boolean;
	inBundle?: boolean;
	link?: boolean;
	integrity?: string;
	resolved?: string;
}

const read = (...names: string[]) => fs.readFileSync(path.join(repoDir, ...names), 'utf8');

const manifest: Manifest = JSON.parse(read('package.json'));
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(read('package-lock.json'));
const locked = Object.entries(lock.packages).filter(([name]) => name !== '');

describe('the lockfile of the tools', () => {
	test('lists the same tools as the manifest, each pinned to one version', () => {
		expect(lock.packages['']).toMatchObject({
			devDependencies: manifest.devDependencies,
			peerDependencies: manifest.peerDependencies,
		});
		for (const version of Object.values(manifest.devDependencies)) {
			expect(version).toMatch(/^\d+\.\d+\.\d+$/);
		}
	});

	test('has only tools, nothing that ships', () => {
		const shipped = locked.filter(
			([, { dev, peer, devOptional }]) => !(dev || peer || devOptional),
		);
		expect(shipped.map(([name]) => name)).toEqual([]);
	});

	test('has a checksum of every package', () => {
		const unknown = locked.filter(
			([, { integrity, inBundle }]) => !inBundle && !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''),
		);
		expect(unknown.map(([name]) => name)).toEqual([]);
	});

	test('names no registry: packages come from the one that npm is configured for', () => {
		expect(locked.filter(([, { resolved, link }]) => resolved || link)).toEqual([]);
	});
});

test.each(
	fs.readdirSync(path.join(repoDir, 'tools', 'n8n')).filter((name) => /^n(8n|ode)-/.test(name)),
)(
	'the lockfile of %s has a checksum of every package, and names no source but the registry',
	(name) => {
		const text = read('tools', 'n8n', name, 'lock.yaml');
		const resolutions = text.match(/^ {4}resolution: .*$/gm) ?? [];
		expect(resolutions).not.toEqual([]);
		const unknown = resolutions.filter((line) => !/\{integrity: sha512-[\w+/]{86}==\}$/.test(line));
		const ownShim = '    resolution: {directory: sqlite3-shim, type: directory}';
		expect(unknown.filter((line) => line !== ownShim)).toEqual([]);
		expect(text).not.toMatch(/tarball:|https?:\/\//);
	},
);

test('no script of a package runs when the tools are installed', () => {
	expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
	expect(read('tools', 'n8n', 'locked-install.mts')).toContain("'--ignore-scripts'");
});

describe('a release', () => {
	const workflow = read('.github', 'workflows', 'publish.yml');

	test('is published with provenance, by a short-lived identity and no token', () => {
		expect(workflow).toContain('npm publish --provenance --access public');
		expect(workflow).toContain('id-token: write');
		expect(workflow).not.toMatch(/NODE_AUTH_TOKEN|NPM_TOKEN|secrets\./);
	});

	test('may write nothing else, and runs every check first', () => {
		const rights = workflow.match(/(?<=^\s+)[\w-]+: (read|write)$/gm);
		expect(rights).toEqual(['contents: read', 'contents: read', 'id-token: write']);
		expect(workflow.indexOf('bash .ci/run')).toBeGreaterThan(0);
		expect(workflow.indexOf('bash .ci/run')).toBeLessThan(workflow.indexOf('npm publish'));
	});

	test('requires nothing at run time but n8n-workflow and Node’s crypto', () => {
		const sources = fs
			.readdirSync(path.join(repoDir, 'dist'), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.js'))
			.map((name) => read('dist', name));
		const required = sources.flatMap((text) => text.match(/(?<=require\(")[^."][^"]*/g) ?? []);
		expect([...new Set(required)].sort()).toEqual(['crypto', 'n8n-workflow']);
	});
});
