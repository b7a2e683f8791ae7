import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../index.mts';
import { withLock } from '../../shared/lock.mts';
import { run } from '../../shared/run.mts';
import { scratchFolder } from '../../shared/scratch.mts';

function readJson(file: string): unknown {
	return JSON.parse(fs.readFileSync(file, 'utf8'));
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
	const { name, version } = readJson(path.join(incoming, 'package', 'package.json'));
	fs.rmSync(path.join(modules, name), { recursive: true, force: true });
	fs.renameSync(path.join(incoming, 'package'), path.join(modules, name));
	fs.rmSync(incoming, { recursive: true });
	const ledger = path.join(nodesDir, 'package.json');
	const installed = fs.existsSync(ledger) ? readJson(ledger).dependencies : {};
	const dependencies = { ...installed, [name]: version };
	fs.writeFileSync(
		ledger,
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies }),
	);
}
