import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import zlib from 'node:zlib';
import { DEFAULT_KEY } from '../../emulator/index.mts';
import { heapProbeEnvironment, liveHeapMb } from '../support/measure/process.mts';
import { type Attack, attack, crowd, json } from './support/attack.mts';
import { HOUR, claim, expectNothing, inSeconds, parkTwo, target } from './support/forging.mts';
import { jsonOf } from '../support/n8n/run.mts';
import { useStage } from '../support/n8n/scene.mts';
import { type NodeSettings, items, wanVideo } from '../support/n8n/workflows.mts';

/** n8n's own protection is on, and lets nodes reach nothing inside but what the tests stand on. */
const env = {
	...heapProbeEnvironment(),
	// As in n8n's own image; otherwise it puts stack traces into its answers.
	NODE_ENV: 'production',
	N8N_SSRF_PROTECTION_ENABLED: 'true',
	N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
};

const withScene = useStage({ env });

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const boundary = 'xxx';
const LEVELS_IN_TASK = '10,000 levels of lists in its task';

/**
 * Bodies for a task that is finished; each with the statuses that are right. XML comes once: n8n
 * 2.41 reads all of it with one parser, and answers neither of two that arrive together.
 */
const bodiesFor = (taskId: string): Record<string, [request: Attack, statuses: number[]]> => ({
	'a form': [
		{ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `a=${taskId}` },
		[400],
	],
	'plain text': [
		{ headers: { 'content-type': 'text/plain' }, body: JSON.stringify(claim(taskId)) },
		[400],
	],
	XML: [
		{
			headers: { 'content-type': 'application/xml' },
			body: `<data><taskId>${taskId}</taskId></data>`,
		},
		[400],
	],
	'no content type': [{ body: Buffer.from(JSON.stringify(claim(taskId))) }, [400]],
	'an unknown content type': [
		{ headers: { 'content-type': "x/y; charset='" }, body: '{}' },
		[400, 415, 422],
	],
	'several parts': [
		{
			headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
			body: `--${boundary}\r\nContent-Disposition: form-data; name="a"; filename="../../x"\r\n\r\n1\r\n--${boundary}--\r\n`,
		},
		[400],
	],
	'no body': [{}, [400]],
	'half a JSON': [json('{"code":200,"data":{"taskId":'), [400, 422]],
	'a JSON text': [json(`"${taskId}"`), [400, 422]],
	'a list of tasks': [json([claim(taskId)]), [400]],
	'a task in a list': [json({ code: 200, data: [{ taskId }] }), [400]],
	'10,000 levels of lists as its task': [json(`{"data":${deep(10_000)}}`), [400]],
	[LEVELS_IN_TASK]: [
		json(`{"data":{"taskId":"${taskId}","state":"success","x":${deep(10_000)}}}`),
		[400],
	],
	'prototypes for a task': [
		json('{"__proto__":{"data":{"taskId":"task_finished","state":"success"}}}'),
		[400],
	],
	'a prototype for a task ID': [
		json('{"data":{"__proto__":{"taskId":"task_finished"},"state":"success"}}'),
		[400],
	],
	'a task ID of 10,000 characters': [json(claim('x'.repeat(10_000))), [400]],
	'a task ID with a line break': [json(claim('task_1\nforged log line')), [400]],
	'20 MB': [json({ ...claim(taskId), padding: 'x'.repeat(20_000_000) }), [0, 413, 500]],
	'a compressed bomb of 100 MB': [
		{
			headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
			body: zlib.gzipSync(Buffer.alloc(100_000_000, ' ')),
		},
		[400, 413, 500],
	],
	'a false content encoding': [
		{ ...json('{}'), headers: { 'content-type': 'application/json', 'content-encoding': 'br' } },
		[400, 415, 422],
	],
});

describe('a trigger with a genuine URL in the wrong hands', () => {
	it.concurrent.each(Object.keys(bodiesFor('x')))(
		'starts nothing for a body that is %s, and APIXO is not asked',
		withScene(async (scene, name) => {
			const { trigger, genuine, withToken, taskId } = await target(scene);
			const [request, expected] = bodiesFor(taskId)[name];
			expect(expected).toContain(await attack(withToken(genuine()), request));
			await expectNothing(scene, trigger);
		}),
	);

	it.concurrent(
		'listens to POST alone',
		withScene(async (scene) => {
			const { trigger, genuine, withToken, taskId } = await target(scene);
			for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
				const body = ['GET', 'HEAD'].includes(method) ? {} : json(claim(taskId));
				expect([method, await attack(withToken(genuine()), { method, ...body })]).toEqual([
					method,
					404,
				]);
			}
			await attack(withToken(genuine()), { method: 'OPTIONS' });
			await expectNothing(scene, trigger);
		}),
	);

	it.concurrent(
		'gives the workflow nothing of what was posted but the task ID',
		withScene(async (scene) => {
			const { trigger, genuine, withToken, taskId } = await target(scene);
			const evil = 'https://evil.example/video.mp4';
			const data = {
				taskId,
				state: 'failed',
				failMsg: 'evil',
				resultJson: JSON.stringify({ resultUrls: [evil] }),
				context: 'evil',
				videoUrl: evil,
			};
			const body = `{"data":${JSON.stringify(data)},"x":${deep(10_000)},"__proto__":{"evil":1}}`;
			expect(await attack(`${withToken(genuine())}&context=evil`, json(body))).toBe(200);
			const [execution] = await trigger.runs(1);
			expect(execution.status).toBe('success');
			const [item] = jsonOf(execution, 'Trigger');
			expect(item).toMatchObject({ taskId, state: 'success', context: { row: 7 } });
			expect(JSON.stringify(execution.data)).not.toContain('evil');
		}),
	);

	it.concurrent(
		'refuses its token changed at any of many places, cut at any, or with anything added',
		withScene(async (scene) => {
			const { trigger, genuine, withToken, taskId } = await target(scene);
			const token = genuine();
			const swap = (at: number) => (token[at] === 'A' ? 'B' : 'A');
			const places = Array.from({ length: token.length }, (_, at) => at).filter(
				(at) => at % 3 === 0,
			);
			const forged = [
				...places.map((at) => token.slice(0, at) + swap(at) + token.slice(at + 1)),
				...places.filter((at) => at > 0).map((at) => token.slice(0, at)),
				...['\0', ' ', '=', '%00', '\n', '.', token].map((more) => token + more),
				token.toLowerCase(),
				token.repeat(2),
				'v1.'.padEnd(7_000, 'A'),
			];
			const statuses = await crowd(forged.length, 10, async (index) => {
				return await attack(withToken(forged[index]), json(claim(taskId)));
			});
			expect([...new Set(statuses)]).toEqual([403]);
			expect(forged.length).toBeGreaterThan(70);
			await expectNothing(scene, trigger);
		}),
	);
});

describe('the resume URL of a parked execution', () => {
	it.concurrent(
		'listens to POST alone',
		withScene(async (scene) => {
			const { run, first } = await parkTwo(scene);
			for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']) {
				expect(await attack(first.callbackUrl, { method })).toBeGreaterThanOrEqual(400);
			}
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);
			scene.finishAll();
			expect((await run.final()).status).toBe('success');
		}),
	);

	it.concurrent(
		'takes nothing of a body but the ID of a task: still parked, and APIXO is not asked',
		withScene(async (scene) => {
			const { run, first } = await parkTwo(scene);
			const bodies = Object.entries(bodiesFor(first.taskId));
			for (const [name, [request, refusals]] of bodies) {
				// The trigger reads all of a task, a parked execution its ID alone.
				const statuses = name === LEVELS_IN_TASK ? [200] : refusals;
				const status = await attack(first.callbackUrl, request);
				expect([name, statuses]).toEqual([name, expect.arrayContaining([status])]);
			}
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);
			scene.finishAll();
			expect((await run.final()).status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'does nothing when a genuine callback is replayed after the execution went on',
		withScene(async (scene) => {
			const { run, first, second } = await parkTwo(scene);
			scene.finishAll();
			await run.final();
			const asked = scene.apixo.requests({ kind: 'status' }).length;
			for (const { callbackUrl, taskId } of [first, second, first, second]) {
				expect(await attack(callbackUrl, json(claim(taskId)))).toBe(409);
			}
			expect(scene.wentOn()).toHaveLength(1);
			expect(scene.apixo.requests({ kind: 'status' })).toHaveLength(asked);
			expect(scene.apixo.ledger()).toHaveLength(2);
		}),
	);
});

/** A host inside the network, of which n8n's protection knows. @returns its address, and who came */
async function insideHost() {
	const calls: Array<string | undefined> = [];
	const server = http.createServer((request, response) => {
		calls.push(request.url);
		response.end('secret');
	});
	server.listen(0, '127.0.0.2');
	await once(server, 'listening');
	// Node: an address is text only for a pipe.
	const { port } = server.address() as AddressInfo;
	const origin = `http://127.0.0.2:${port}`;
	return { origin, calls, close: () => server.close() };
}

describe('n8n’s own protection against requests into the network', () => {
	it.concurrent(
		'holds for result URLs and their redirects, beside ours',
		withScene(async (scene) => {
			const inside = await insideHost();
			const { apixo, start, startNode, credentials } = scene;
			const direct = apixo.addTask({ resultUrls: [`${inside.origin}/video.mp4`] });
			const location = encodeURIComponent(`${inside.origin}/video.mp4`);
			const redirecting = apixo.addTask({
				resultUrls: [`${apixo.origin}/files/sample.mp4?redirectTo=${location}`],
			});
			const good = apixo.addTask();
			const ids = [direct, redirecting, good].map(({ taskId }) => ({ taskId }));
			const parameters = { operation: 'get', taskId: '={{ $json.taskId }}', download: true };
			const settings: NodeSettings = { credentials, onError: 'continueRegularOutput' };
			const run = await start([startNode(), items(ids), wanVideo(parameters, settings)]);
			const told = jsonOf(await run.final(), 'Wan');
			inside.close();
			expect(told.slice(0, 2).map(({ error }) => error)).toEqual([
				expect.stringContaining('n8n is set up not to reach its address'),
				expect.stringContaining('n8n is set up not to reach its address'),
			]);
			expect(told[2]).toMatchObject({ taskId: good.taskId, state: 'success' });
			expect(inside.calls).toEqual([]);
		}),
	);

	it.concurrent(
		'in the way of APIXO itself is named, and says that nothing was submitted',
		withScene(async (scene) => {
			const inside = await insideHost();
			const { client, start, startNode } = scene;
			const data = { apiKey: DEFAULT_KEY, baseUrl: `${inside.origin}/api/v1` };
			const { id, name } = await client.createCredential({
				name: 'Inside',
				type: 'apixoApi',
				data,
			});
			const settings: NodeSettings = {
				credentials: { apixoApi: { id, name } },
				onError: 'continueRegularOutput',
			};
			const list = items([{ prompt: 'prompt 1' }]);
			const run = await start([startNode(), list, wanVideo({ operation: 'submit' }, settings)]);
			const [{ error, details }] = jsonOf(await run.final(), 'Wan');
			inside.close();
			expect(error).toContain('APIXO could not be reached: n8n is set up not to reach its address');
			expect(details?.hint).toContain('Nothing was submitted');
			expect(inside.calls).toEqual([]);
		}),
	);
});

// Last and alone: n8n's heap is measured.
test(
	'hundreds of forged calls leave n8n as it was: nothing started, memory flat, answering at once',
	withScene(async (scene) => {
		const { trigger, genuine, withToken, taskId } = await target(scene);
		const { run, first, second } = await parkTwo(scene);
		const { callbackUrl } = first;
		const badToken = new URL(callbackUrl);
		badToken.searchParams.set('signature', 'f'.repeat(64));
		const forgeries: Array<(n: number) => [url: string, body: object]> = [
			() => [trigger.url, claim(taskId)],
			(n) => [withToken(scene.sign(`guess ${n}`, { expires: inSeconds(HOUR) })), claim(taskId)],
			(n) => [withToken(`${genuine()}${n}`), { ...claim(taskId), padding: 'x'.repeat(10_000) }],
			(n) => [withToken(genuine()), { data: { taskId: [n] } }],
			() => [badToken.toString(), claim(taskId)],
			(n) => [callbackUrl, claim(`task_${n}`)],
			() => [callbackUrl, { data: {} }],
		];
		const wave = async (count: number) =>
			await crowd(count, 10, async (n) => {
				const [url, body] = forgeries[n % forgeries.length](n);
				return await attack(url, json(body));
			});
		await wave(60);
		const before = await liveHeapMb(scene.n8n.pid, env);
		const statuses = await wave(300);
		const after = await liveHeapMb(scene.n8n.pid, env);
		expect([...new Set(statuses)].sort()).toEqual([400, 401, 403, 404]);
		await expectNothing(scene, trigger);
		expect((await run.now()).status).toBe('waiting');
		expect(after - before).toBeLessThan(8);

		expect((await fetch(`${scene.n8n.url}/healthz`)).status).toBe(200);

		// Those who know a genuine URL and all its tasks can make n8n ask APIXO, but not once for each call.
		const genuineCalls = await crowd(100, 25, async (n) => {
			return await attack(callbackUrl, json(claim([first, second][n % 2].taskId)));
		});
		// The execution goes on, and calls are refused until it is parked again. To those that come just
		// when it changes over, n8n itself says 500.
		expect(genuineCalls).toContain(200);
		expect(genuineCalls.filter((status) => ![200, 409, 500].includes(status))).toEqual([]);
		await run.parked();
		const asked = scene.apixo.requests({ kind: 'status' }).length;
		expect(asked).toBeGreaterThanOrEqual(2);
		expect(asked).toBeLessThan(50);

		scene.finishAll();
		expect((await run.final()).status).toBe('success');
		expect(scene.wentOn()).toHaveLength(1);
		process.stdout.write(
			`Heap ${before.toFixed(1)} → ${after.toFixed(1)} MiB; APIXO asked ${asked} times\n`,
		);
	}),
);
