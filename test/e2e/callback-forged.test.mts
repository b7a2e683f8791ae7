import { jsonOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { parkTwo } from './support/forging.mts';

const withScene = useStage();

/** A resume URL with one parameter changed, or taken away. */
function changed(url: string, name: string, value: string | undefined): string {
	const other = new URL(url);
	if (value === undefined) other.searchParams.delete(name);
	else other.searchParams.set(name, value);
	return other.toString();
}

const claim = (taskId: string, more: object = {}) => ({
	code: 200,
	message: 'success',
	data: { taskId, ...more },
});

const EVIL = '{"resultUrls":["https://evil.example/video.mp4"]}';

/** @returns the status of the answer */
const post = async ({ client }: Scene, url: string, body: object) =>
	(await client.postWebhook(url, body)).status;

describe('a forged callback of a parked execution', () => {
	it.concurrent.each([
		['a wrong token', 'f'.repeat(64)],
		['a short token', 'f'],
		['no token', undefined],
	])(
		'with %s is refused, asks APIXO nothing, and resumes nothing',
		withScene(async (scene, _name, token) => {
			const { run, first, second } = await parkTwo(scene);
			for (const { callbackUrl, taskId } of [first, second]) {
				const url = changed(callbackUrl, 'signature', token);
				expect(await post(scene, url, claim(taskId))).toBe(401);
			}
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);

			scene.finishAll();
			expect((await run.final()).status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent.each([
		['a task of nobody', 404, claim('task_of_nobody', { state: 'success' })],
		['a name that all objects have', 404, claim('__proto__', { state: 'success' })],
		['no task', 400, { code: 200, data: { state: 'success' } }],
		['a list of tasks', 400, { code: 200, data: [{ taskId: 'task_1' }] }],
	])(
		'that names %s is refused with %i, asks APIXO nothing, and resumes nothing',
		withScene(async (scene, _name, status, body) => {
			const { run, first } = await parkTwo(scene);
			expect(await post(scene, first.callbackUrl, body)).toBe(status);
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);

			scene.finishAll();
			expect((await run.final()).status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'that claims success of one of two tasks asks APIXO nothing, however often it comes',
		withScene(async (scene) => {
			const { run, first } = await parkTwo(scene);
			const forged = claim(first.taskId, { state: 'success', resultJson: EVIL });
			for (let call = 0; call < 3; call += 1) {
				expect(await post(scene, first.callbackUrl, forged)).toBe(200);
			}
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);

			scene.finishAll();
			expect((await run.final()).status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'that claims success of all tasks is not believed: each is polled once, and waited for as before',
		withScene(async (scene) => {
			const { run, first, second } = await parkTwo(scene);
			const polls = () => scene.apixo.requests({ kind: 'status' });
			for (const { callbackUrl, taskId } of [first, second]) {
				const forged = claim(taskId, { state: 'success', resultJson: EVIL });
				expect(await post(scene, callbackUrl, forged)).toBe(200);
			}
			await scene.until(() => polls().length === 2);
			await run.parked();
			expect(polls()).toHaveLength(2);
			expect(scene.wentOn()).toEqual([]);

			scene.finishAll();
			const execution = await run.final();
			const urls = jsonOf(execution, 'Wan').map(({ videoUrl }) => videoUrl);
			expect(urls).toEqual(
				[first, second].map(({ taskId }) => `${scene.apixo.origin}/files/${taskId}.mp4`),
			);
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent.each([
		['5 MB', { oversizedBytes: 5_000_000 }],
		[
			'another result',
			{ forge: { data: { resultJson: '{"resultUrls":["https://evil/a.mp4"]}' } } },
		],
		['a failure that is none', { forge: { data: { state: 'failed', failCode: 'NSFW' } } }],
	])(
		'with %s as its body changes nothing about the result',
		withScene(async (scene, _name, effect) => {
			scene.apixo.misbehave({ on: 'callback', times: 2, do: effect });
			const { run } = await parkTwo(scene);
			scene.finishAll();
			const execution = await run.final();
			expect(execution.status).toBe('success');
			expect(JSON.stringify(jsonOf(execution, 'Wan'))).not.toContain('evil');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent(
		'with a body that is no JSON is refused, and resumes nothing',
		withScene(async (scene) => {
			const rule = scene.apixo.misbehave({ on: 'callback', do: { malformed: true } });
			const { run, first, second } = await parkTwo(scene);
			scene.finishAll();
			await scene.delivered(2);
			expect(scene.apixo.callbacks().filter(({ status }) => status === 200)).toEqual([]);
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);

			rule.remove();
			for (const { callbackUrl, taskId } of [first, second]) {
				expect(await post(scene, callbackUrl, claim(taskId))).toBe(200);
			}
			expect((await run.final()).status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);
});
