import { DEFAULT_KEY } from '../../emulator/index.mts';
import { useStage } from '../support/n8n/scene.mts';
import { HOUR, TAMPERED, claim, expectNothing, inSeconds, target } from './support/forging.mts';

const OTHER_KEY = 'apixo-other-key';
const keys = { [DEFAULT_KEY]: { balanceUsd: 100 }, [OTHER_KEY]: { balanceUsd: 100 } };

const withScene = useStage();

describe('the trigger', () => {
	it.concurrent(
		'refuses what is unsigned: 403',
		withScene(async (scene) => {
			const { trigger, post } = await target(scene);
			expect((await post(trigger.url)).status).toBe(403);
			expect((await post(`${trigger.url}?apixo=`)).status).toBe(403);
			const huge = { ...claim('task_finished'), padding: 'x'.repeat(5_000_000) };
			expect((await post(trigger.url, huge)).status).toBe(403);
			await expectNothing(scene, trigger);
		}),
	);

	it.concurrent(
		'accepts a genuine URL, refuses it tampered with in any way: 403',
		withScene(async (scene) => {
			const { trigger, post, genuine, withToken } = await target(scene);
			for (const [name, tamper] of TAMPERED) {
				const { status } = await post(withToken(tamper(genuine())));
				expect([name, status]).toEqual([name, 403]);
			}
			await expectNothing(scene, trigger);
			expect((await post(withToken(genuine()))).status).toBe(200);
			await trigger.runs(1);
		}),
	);

	it.concurrent(
		'refuses a URL that was given twice, or as a list',
		withScene(async (scene) => {
			const { trigger, post, genuine, withToken } = await target(scene);
			const twice = `${withToken(genuine())}&apixo=${genuine()}`;
			expect((await post(twice)).status).toBe(403);
			expect((await post(`${trigger.url}?apixo[0]=${genuine()}&apixo[1]=x`)).status).toBe(403);
			await expectNothing(scene, trigger);
		}),
	);

	it.concurrent(
		'refuses a replay after the expiry: 403',
		withScene(async (scene) => {
			const { trigger, post, withToken } = await target(scene);
			const token = scene.sign(DEFAULT_KEY, { expires: inSeconds(-1) });
			expect((await post(withToken(token))).status).toBe(403);
			await expectNothing(scene, trigger);
		}),
	);

	it.concurrent(
		'refuses what was signed with another API key: 403',
		withScene(async (scene) => {
			const { trigger, post, withToken } = await target(scene);
			const token = scene.sign(OTHER_KEY, { expires: inSeconds(HOUR) });
			expect((await post(withToken(token))).status).toBe(403);
			await expectNothing(scene, trigger);
		}),
	);

	it.concurrent.each([
		['a task of another key', 'task_of_others'],
		['a task of nobody', 'task_of_nobody'],
		['a task ID with a path in it', '../../apikeys/current-balance'],
	])(
		'answers 404 for %s, and starts nothing',
		withScene(
			async (scene, _name, taskId) => {
				scene.apixo.addTask({ taskId: 'task_of_others', state: 'success', key: OTHER_KEY });
				const { trigger, post, genuine, withToken } = await target(scene);
				expect((await post(withToken(genuine()), claim(taskId))).status).toBe(404);
				expect(await trigger.count()).toBe(0);
				expect(scene.apixo.requests({ kind: 'balance' })).toEqual([]);
			},
			{ keys },
		),
	);

	it.concurrent.each([
		['names no task', { code: 200, data: {} }],
		['is a list', [1, 2]],
		['has a task ID that is no text', { data: { taskId: { $ne: 1 } } }],
		['is empty', {}],
	])(
		'answers 400 to a body that %s',
		withScene(async (scene, _name, body) => {
			const { trigger, post, genuine, withToken } = await target(scene);
			expect((await post(withToken(genuine()), body)).status).toBe(400);
			await expectNothing(scene, trigger);
		}),
	);
});
