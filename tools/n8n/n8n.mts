import path from 'node:path';
import { ensureInstalled } from './locked-install.mts';
import { ensureNode24 } from './node24.mts';
import { messageOf } from '../shared/errors.mts';
import { run } from '../shared/run.mts';

export const DEFAULT_VERSION = '2.41.1';

/** Every version that can be installed has a folder `n8n-<version>` here. */
const INSTALLS: Record<string, { localPackages: string[] }> = {
	'2.41.1': { localPackages: ['sqlite3-shim'] },
	'2.30.8': { localPackages: ['sqlite3-shim'] },
	'1.123.81': { localPackages: ['sqlite3-shim'] },
};

export const VERSIONS = Object.keys(INSTALLS);

export interface N8nRuntime {
	version: string;
	/** Node binary to run it with */
	nodePath: string;
	/** script to run */
	n8nBin: string;
	/** where it is installed */
	dir: string;
}

/** Loads what only a working install has: the native database driver. */
async function checkDatabaseDriver(nodePath: string, dir: string): Promise<void> {
	await run(nodePath, ['-e', "new (require('sqlite3').Database)(':memory:')"], { cwd: dir });
}

/**
 * The way any user installs n8n: slower, and without a lockfile. Of all that it could compile, only
 * the database driver is needed.
 */
async function installPlainly(
	{ version, nodePath, dir }: Pick<N8nRuntime, 'version' | 'nodePath' | 'dir'>,
	reason: unknown,
) {
	process.stderr.write(`The locked install does not work here: ${messageOf(reason)}\n`);
	const PATH = [path.dirname(nodePath), process.env.PATH].join(path.delimiter);
	const npm = async (step: string, args: string[]) =>
		await run('npm', ['--prefix', dir, ...args], {
			cwd: dir,
			env: { ...process.env, PATH },
			step,
		});
	await npm(`Installing n8n ${version} plainly`, [
		'install',
		'--ignore-scripts',
		'--no-audit',
		`n8n@${version}`,
	]);
	await npm('Building the database driver', ['rebuild', '--ignore-scripts=false', 'sqlite3']);
}

/**
 * Makes sure that a real n8n is installed in `.runtime/`: about half a minute the first time, nothing
 * afterwards.
 *
 * @throws for a version without a lockfile, or with the installer's last lines
 */
export async function ensureN8n(version: string = DEFAULT_VERSION): Promise<N8nRuntime> {
	if (!INSTALLS[version]) {
		throw new Error(`No n8n ${version} here, only ${VERSIONS.join(', ')}`);
	}
	const nodePath = await ensureNode24();
	const dir = await ensureInstalled({
		folder: `n8n-${version}`,
		label: `n8n ${version}`,
		localPackages: INSTALLS[version].localPackages,
		check: async (installed) => await checkDatabaseDriver(nodePath, installed),
		otherwise: async (target, reason) =>
			await installPlainly({ version, nodePath, dir: target }, reason),
	});
	return { version, nodePath, n8nBin: path.join(dir, 'node_modules', 'n8n', 'bin', 'n8n'), dir };
}
