import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../tools/n8n/driver/ports.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { startService } from './service.mts';
import type { Service, ServiceUser } from './service.mts';

const execute = promisify(execFile);

const USER = 'n8n';

/**
 * Not written through to the disk, which a killed process loses nothing by. But commits reach the
 * operating system before they are answered (`synchronous_commit`), or a crash would lose some.
 */
const SETTINGS = {
	fsync: 'off',
	full_page_writes: 'off',
	listen_addresses: '127.0.0.1',
	max_connections: '200',
	unix_socket_directories: '',
};

/** PostgreSQL refuses to run as root. @returns undefined if this process's own user will do */
async function serverUser(): Promise<ServiceUser | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const idOf = async (flag: '-u' | '-g') =>
		Number((await execute('id', [flag, 'postgres'])).stdout);
	return { uid: await idOf('-u'), gid: await idOf('-g') };
}

export interface Postgres extends Service {
	/** for n8n */
	env: NodeJS.ProcessEnv;
}

/**
 * Starts an empty PostgreSQL.
 *
 * @param programs folder of its programs
 */
export async function startPostgres(programs: string): Promise<Postgres> {
	const user = await serverUser();
	const folder = scratchFolder('postgres');
	if (user) fs.chownSync(folder, user.uid, user.gid);
	const program = (name: string) => path.join(programs, name);
	const data = path.join(folder, 'data');
	const initArgs = ['-D', data, '-A', 'trust', '-U', USER, '-E', 'UTF8', '--no-sync'];
	await execute(program('initdb'), initArgs, { ...user, cwd: folder });

	const port = await freePort();
	const readyArgs = ['-h', '127.0.0.1', '-p', String(port), '-q'];
	const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const service = await startService({
		command: program('postgres'),
		args: ['-D', data, '-p', String(port), ...settings],
		folder,
		user,
		// Fast shutdown, which ends sessions; and immediate shutdown, which is as good as a crash but
		// leaves no process behind.
		signals: { stop: 'SIGINT', kill: 'SIGQUIT' },
		isReady: async () =>
			await execute(program('pg_isready'), readyArgs).then(
				() => true,
				() => false,
			),
	});
	return {
		...service,
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_DATABASE: 'postgres',
		},
	};
}
