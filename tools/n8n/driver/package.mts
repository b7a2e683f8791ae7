import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../index.mts';
import { withLock } from '../../shared/lock.mts';
import { run } from '../../shared/run.mts';
import { scratchFolder } from '../../shared/scratch.mts';

/** The fields that are used of a package.json; npm sees to it that a packed one has them. */
interface Manifest {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
}

function readManifest(folder: string): Manifest | undefined {
	const file = path.join(folder, 'package.json');
	return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}

/**
 * Builds this repository and packs it as it would be published.
 *
 * @returns path of the tarball, which is this process's own
 * @throws with the last lines of the build or of npm
 */
export async function packPackage(): Promise<string> {
	return await withLock('pack', async () => {
		await run('npm', ['run', 'build'], { cwd: repoDir, step: 'Building the package' });
		const target = scratchFolder('packed');
		await run('npm', ['pack', '--pack-destination', target], { cwd: repoDir });
		return path.join(target, fs.readdirSync(target)[0]);
	});
}

/**
 * Puts a package where n8n keeps those that its users install, so that its node types get the names
 * that are in saved workflows. To be done before n8n starts.
 *
 * @param tarball made by `npm pack`
 */
export async function installPackage(tarball: string, userFolder: string) {
	const nodesDir = path.join(userFolder, '.n8n', 'nodes');
	const modules = path.join(nodesDir, 'node_modules');
	fs.mkdirSync(modules, { recursive: true });
	const incoming = fs.mkdtempSync(path.join(nodesDir, 'incoming-'));
	await run('tar', ['-xzf', tarball, '-C', incoming]);
	const manifest = readManifest(path.join(incoming, 'package'));
	if (!manifest) throw new Error(`No package in ${tarball}`);
	const { name, version } = manifest;
	fs.rmSync(path.join(modules, name), { recursive: true, force: true });
	fs.renameSync(path.join(incoming, 'package'), path.join(modules, name));
	fs.rmSync(incoming, { recursive: true });
	const dependencies = { ...readManifest(nodesDir)?.dependencies, [name]: version };
	fs.writeFileSync(
		path.join(nodesDir, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies }),
	);
}
