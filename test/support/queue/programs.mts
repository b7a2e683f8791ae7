import fs from 'node:fs';
import path from 'node:path';
import { withLock } from '../../../tools/shared/lock.mts';
import { run } from '../../../tools/shared/run.mts';
import { required } from '../required.mts';

/** Where Debian keeps the server's own programs, one folder for each major version. */
const POSTGRES_HOME = '/usr/lib/postgresql';

/** What is needed, and the Debian package that has it. */
const DEBIAN_PACKAGES = { postgres: 'postgresql', 'redis-server': 'redis-server' } as const;

type Program = keyof typeof DEBIAN_PACKAGES;

const PROGRAMS: Program[] = ['postgres', 'redis-server'];

function searchedFolders(): string[] {
	const versions = fs.existsSync(POSTGRES_HOME) ? fs.readdirSync(POSTGRES_HOME) : [];
	const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
	return [
		...newestFirst.map((version) => path.join(POSTGRES_HOME, version, 'bin')),
		...(process.env.PATH ?? '').split(path.delimiter),
	];
}

/** @returns the folder that holds the program */
const folderOf = (program: string): string | undefined =>
	searchedFolders().find((folder) => fs.existsSync(path.join(folder, program)));

async function aptGet(...args: string[]) {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await run('apt-get', args, { env, step: `apt-get ${args.join(' ')}` });
}

/**
 * Finds Redis and PostgreSQL on this machine. Where they are missing and Debian's packages may be
 * installed, that is done.
 *
 * @returns the folders of their programs
 * @throws that says what to install
 */
export async function ensurePrograms(): Promise<{ redisDir: string; postgresDir: string }> {
	const missing = () => PROGRAMS.filter((program) => !folderOf(program));
	if (missing().length > 0 && process.getuid?.() === 0 && folderOf('apt-get')) {
		await withLock('apt', async () => {
			if (missing().length === 0) return;
			await aptGet('update');
			await aptGet('install', '-y', ...missing().map((program) => DEBIAN_PACKAGES[program]));
		});
	}
	if (missing().length > 0) {
		throw new Error(`Queue mode needs ${missing().join(' and ')}: please install it`);
	}
	return {
		redisDir: required(folderOf('redis-server'), 'redis-server'),
		postgresDir: required(folderOf('postgres'), 'postgres'),
	};
}
