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

/** @returns the status of the answer */
const post = async ({ client }: Scene, url: string, body: object) =>
	(await client.postWebhook(url, body)).status;

type Parked = Awaited<ReturnType<typeof parkTwo>>;

/** Which task a callback for the first item names. */
const NAMED: Array<[name: string, taskId: (parked: Parked) => string]> = [
	['its own task', ({ first }) => first.taskId],
	['another task', ({ second }) => second.taskId],
	['a task of nobody', () => 'task_of_nobody'],
];

describe('a forged callback of a parked execution', () => {
	it.concurrent.each([
		['a wrong token', 401, 'signature', 'f'.repeat(64)],
		['a short token', 401, 'signature', 'f'],
		['no token', 401, 'signature', undefined],
		['the item of nobody', 404, 'item', '7'],
		['a negative item', 404, 'item', '-1'],
		['no item', 404, 'item', undefined],
		['words for an item', 404, 'item', '__proto__'],
	])(
		'with %s is refused with %i, asks APIXO nothing, and resumes nothing',
		withScene(async (scene, _name, status, parameter, value) => {
			const { run, first } = await parkTwo(scene);
			const body = claim(first.taskId, { state: 'success', resultJson: '{"resultUrls":[]}' });
			expect(await post(scene, changed(first.callbackUrl, parameter, value), body)).toBe(status);
			expect((await run.now()).status).toBe('waiting');
			expect(scene.apixo.requests({ kind: 'status' })).toEqual([]);

			scene.finishAll();
			expect((await run.final()).status).toBe('success');
			expect(scene.wentOn()).toHaveLength(1);
		}),
	);

	it.concurrent.each(NAMED)(
		'that claims success of %s is not believed: 503, still parked',
		withScene(async (scene, _name, named) => {
			const parked = await parkTwo(scene);
			const { run, first, second } = parked;
			const resultJson = '{"resultUrls":["https://evil.example/video.mp4"]}';
			const body = claim(named(parked), { state: 'success', resultJson });
			expect(await post(scene, first.callbackUrl, body)).toBe(503);
			expect((await run.now()).status).toBe('waiting');

			scene.finishAll();
			const execution = await run.final();
			const urls = jsonOf(execution, 'Wan').map(({ videoUrl }) => videoUrl);
			expect(urls).toEqual(
				[first, second].map(({ taskId }) => `${scene.apixo.origin}/files/${taskId}.mp4`),
			);
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
			const { run, second } = await parkTwo(scene);
			scene.finishAll();
			await scene.delivered(2);
			expect(scene.apixo.callbacks().filter(({ status }) => status === 200)).toEqual([]);
			expect((await run.now()).status).toBe('waiting');

			rule.remove();
			expect(await post(scene, second.callbackUrl, claim(second.taskId))).toBe(200);
			expect((await run.final()).status).toBe('success');
		}),
	);
});
