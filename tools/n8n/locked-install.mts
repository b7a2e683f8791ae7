import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { withLock } from '../shared/lock.mts';
import { runtimeDir } from '../shared/paths.mts';
import { run } from '../shared/run.mts';

const STAMP_FILE = 'installed.stamp';

/**
 * The committed names differ from what the installer reads, so that tools which look for packages
 * in this repository find exactly one.
 */
const COMMITTED_AS = { 'package.json': 'manifest.json', 'pnpm-lock.yaml': 'lock.yaml' };

/** @param source folder of a committed package @returns by target name */
function readPackage(source: string): Map<string, Buffer> {
	const committed = Object.values(COMMITTED_AS);
	const files = new Map<string, Buffer>();
	for (const [target, name] of Object.entries(COMMITTED_AS)) {
		const file = path.join(source, name);
		if (fs.existsSync(file)) files.set(target, fs.readFileSync(file));
	}
	for (const name of fs.readdirSync(source).filter((entry) => !committed.includes(entry))) {
		files.set(name, fs.readFileSync(path.join(source, name)));
	}
	return files;
}

/** @returns by path */
function filesToInstall({
	folder,
	localPackages,
}: {
	folder: string;
	localPackages: string[];
}): Map<string, Buffer> {
	const files = readPackage(path.join(import.meta.dirname, folder));
	for (const local of localPackages) {
		for (const [name, content] of readPackage(path.join(import.meta.dirname, local))) {
			files.set(path.join(local, name), content);
		}
	}
	return files;
}

function stampOf(files: Map<string, Buffer>) {
	const hash = crypto.createHash('sha256').update(`${process.platform}-${process.arch}`);
	for (const [name, content] of files) hash.update(name).update(content);
	return hash.digest('hex');
}

function readStamp(dir: string): string | undefined {
	const file = path.join(dir, STAMP_FILE);
	return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

function startAfresh(dir: string, files: Map<string, Buffer>) {
	fs.rmSync(dir, { recursive: true, force: true });
	fs.mkdirSync(dir, { recursive: true });
	for (const [name, content] of files) {
		fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
		fs.writeFileSync(path.join(dir, name), content);
	}
}

async function installLocked(dir: string, label: string) {
	const pnpm = path.join(
		path.dirname(createRequire(import.meta.url).resolve('pnpm')),
		'bin',
		'pnpm.cjs',
	);
	const options = [
		'--frozen-lockfile',
		'--ignore-scripts',
		'--ignore-workspace',
		'--config.node-linker=hoisted',
		// Both are pnpm's defaults; a user's own settings must not make the lockfile "outdated".
		'--config.auto-install-peers=true',
		'--config.exclude-links-from-lockfile=false',
	];
	await run(process.execPath, [pnpm, 'install', ...options], {
		cwd: dir,
		step: `Installing ${label}`,
	});
}

/**
 * Makes sure that the package set of `tools/n8n/<folder>` is installed in `.runtime/<folder>`,
 * exactly as its lockfile says. Returns at once when it is; an interrupted or outdated install is
 * made anew. Processes that ask at the same time wait for one install.
 *
 * @returns the folder
 */
export async function ensureInstalled({
	folder,
	label,
	localPackages = [],
	check,
	otherwise,
}: {
	folder: string;
	/** as shown to people */
	label: string;
	/** folders beside it that its manifest names as `file:` */
	localPackages?: string[];
	/** rejects when what was installed cannot run */
	check: (dir: string) => Promise<unknown>;
	/** installs into the empty folder when the locked install cannot run on this platform */
	otherwise?: (dir: string, reason: unknown) => Promise<unknown>;
}): Promise<string> {
	const dir = path.join(runtimeDir, folder);
	const files = filesToInstall({ folder, localPackages });
	const stamp = stampOf(files);
	if (readStamp(dir) === stamp) return dir;
	await withLock(folder, async () => {
		if (readStamp(dir) === stamp) return;
		startAfresh(dir, files);
		try {
			await installLocked(dir, label);
			await check(dir);
		} catch (reason) {
			if (!otherwise) throw reason;
			startAfresh(dir, new Map());
			await otherwise(dir, reason);
			await check(dir);
		}
		fs.writeFileSync(path.join(dir, STAMP_FILE), stamp);
	});
	return dir;
}
