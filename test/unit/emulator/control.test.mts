import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { connectEmulator } from '../../../emulator/index.mts';
import type { Changes, RemoteEmulator, RuleKind } from '../../../emulator/index.mts';
import { required } from '../../support/required.mts';
import { clientOf, until } from './support.mts';
import type { Client } from './support.mts';

const CLI = join(import.meta.dirname, '..', '..', '..', 'emulator', 'cli.mts');

const run = (...args: string[]) =>
	spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

/** Closes an emulator in the middle of all that it can be in the middle of. */
const CLOSE_IN_THE_MIDDLE = `
	import { createServer } from 'node:http';
	import { once } from 'node:events';
	import { startEmulator, clientOf } from './support.mts';
	(async () => {
		const silent = createServer(() => {}).listen(0, '127.0.0.1');
		await once(silent, 'listening');
		const apixo = await startEmulator();
		const client = clientOf(apixo);
		const hook = 'http://127.0.0.1:' + silent.address().port;
		await client.submitWithCallback(hook);
		const taskId = await client.submitWithCallback(hook);
		apixo.finish(taskId);
		await once(silent, 'request');
		apixo.misbehave({ on: 'balance', do: { delayMs: 60_000 } });
		const answer = client.balance().catch(() => console.log('closed'));
		while (apixo.requests({ kind: 'balance' }).length === 0) await new Promise(setImmediate);
		silent.close();
		await apixo.close();
		await answer;
	})();
`;

it('a closed emulator keeps no process alive', async () => {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', '--input-type=module', '-e', CLOSE_IN_THE_MIDDLE],
		{ cwd: import.meta.dirname },
	);
	let output = '';
	child.stdout.on('data', (text) => (output += text));
	child.stderr.on('data', (text) => (output += text));
	expect(await once(child, 'exit')).toEqual([0, null]);
	expect(output).toBe('closed\n');
}, 4_000);

describe('an emulator in another process', () => {
	let child: ChildProcess;
	let output = '';
	let apixo: RemoteEmulator;
	let client: Client;

	beforeAll(async () => {
		child = run('--generation-seconds', '0', '--key', 'apixo-test-key', '--balance', '7');
		required(child.stdout, 'output').on('data', (text) => (output += text));
		await until(() => output.includes('/api/v1'));
		const [origin] = required(/http:\/\/127\.0\.0\.1:\d+/.exec(output), 'address');
		apixo = connectEmulator(origin);
		client = clientOf(apixo);
	});
	beforeEach(() => apixo.reset());
	afterAll(async () => {
		child.kill('SIGINT');
		expect(await once(child, 'exit')).toEqual([0, null]);
	});

	it('is read and driven with the same methods', async () => {
		await apixo.setGeneration(60_000);
		const taskId = await client.submitted();
		expect(await apixo.ledger()).toMatchObject([{ taskId, usd: 0.5 }]);
		expect(await apixo.balance()).toBe(6.5);
		await apixo.finish(taskId, { failCode: 'Timeout' });
		await client.status(taskId);
		expect(await apixo.tasks()).toMatchObject([{ taskId, state: 'failed', failCode: 'Timeout' }]);
		expect(await apixo.addTask({ state: 'processing' })).toMatchObject({ state: 'processing' });
		expect(await apixo.requests({ kind: 'status' })).toMatchObject([{ taskId, status: 200 }]);
		expect(await apixo.requests()).toHaveLength(2);
		expect(await apixo.callbacks()).toEqual([]);
		await apixo.setBalance('apixo-test-key', 0);
		expect((await client.submit()).status).toBe(402);
		await apixo.configure({ errorForm: 'envelope' });
		expect((await client.submit()).status).toBe(200);
		await apixo.reset();
		expect([await apixo.ledger(), await apixo.balance()]).toEqual([[], 7]);
	});

	it('misbehaves and behaves again', async () => {
		const statuses = async () => (await client.balance()).status;
		const { remove } = await apixo.misbehave({ on: 'balance', do: { httpStatus: 500 } });
		expect(await statuses()).toBe(500);
		await remove();
		expect(await statuses()).toBe(200);
		await apixo.misbehave({ on: 'balance', do: { httpStatus: 500 } });
		await apixo.behave();
		expect(await statuses()).toBe(200);
	});

	it('says what is wrong with a command', async () => {
		await expect(apixo.finish('task_nobody')).rejects.toThrow('No such task: task_nobody');
		await expect(apixo.misbehave({ on: 'x' as RuleKind, do: {} })).rejects.toThrow(
			'Unknown kind of request: x',
		);
		await expect(apixo.configure({ speed: 1 } as Changes)).rejects.toThrow('Not a setting: speed');
	});

	it('prints how to use it, and a line for each request', async () => {
		expect(output).toContain('API Key   apixo-test-key');
		await client.balance();
		await until(() => /GET \/api\/v1\/apikeys\/current-balance -> 200 \d+ ms/.test(output));
	});

	it('refuses an option that makes no sense', async () => {
		const wrong = run('--port', 'many');
		expect((await once(wrong, 'exit'))[0]).toBe(1);
	});
});
