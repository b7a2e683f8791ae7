import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestEntry, RequestKind, Rule } from '../../emulator/index.mts';
import { type Run, jsonOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { items, tell, wanVideo } from '../support/n8n/workflows.mts';

const withScene = useStage();

/** How long after a stop something may still happen. */
const GRACE_MS = 1_000;
const WATCHED_MS = 3_000;

/** Polls as soon and as often as can be, so that whatever goes on after a stop is seen. */
const EAGER = { firstPollDelay: 0, pollInterval: 1 };
const HELD_MS = 60_000;

const underWay = ({ apixo }: Scene, kind: RequestKind) =>
	apixo.requests({ kind }).filter(({ endedAt }) => endedAt === undefined).length;

/** What an execution of three items does when it is stopped. */
interface Phase {
	rule?: Rule;
	/** Whether all tasks are final by then. */
	isFinished?: boolean;
	/** Whether it does that now. */
	isThere: (scene: Scene) => boolean;
	/** How many of its tasks are paid for by then. */
	paid: number;
}

const PHASES: Array<[does: string, phase: Phase]> = [
	[
		'waits for the next poll',
		{ isThere: ({ apixo }) => apixo.requests({ kind: 'status' }).length >= 3, paid: 3 },
	],
	[
		'asks APIXO',
		{
			rule: { on: 'status', do: { delayMs: HELD_MS } },
			isThere: (scene) => underWay(scene, 'status') === 3,
			paid: 3,
		},
	],
	[
		'waits because APIXO limits requests',
		{
			rule: { on: 'submit', match: { promptIncludes: '3' }, do: { retryAfter: 2 } },
			isThere: ({ apixo }) => apixo.requests({ kind: 'submit' }).length >= 3,
			paid: 2,
		},
	],
	[
		'waits because APIXO limits its polls',
		{
			rule: { on: 'status', do: { retryAfter: 2 } },
			isThere: ({ apixo }) => apixo.requests({ kind: 'status' }).length >= 3,
			paid: 3,
		},
	],
	[
		'downloads the videos',
		{
			rule: { on: 'file', do: { delayMs: HELD_MS } },
			isFinished: true,
			isThere: (scene) => underWay(scene, 'file') === 3,
			paid: 3,
		},
	],
];

/** The IDs of paid tasks that n8n shows beside an execution. */
const recordedTasks = async (run: Run): Promise<string> =>
	(await run.now()).customData?.wanVideoTasks ?? '';

/** Presses Stop, and watches. @returns requests that went on, or came, too late */
async function stopAndWatch({ client, apixo }: Scene, run: Run): Promise<RequestEntry[]> {
	await client.stop(run.id);
	const latest = Date.now() + GRACE_MS;
	await sleep(WATCHED_MS);
	return apixo.requests().filter(({ at, endedAt = Infinity }) => Math.max(at, endedAt) > latest);
}

describe.each([
	['by hand', false],
	['in production', true],
])('a stop by the user of a run %s', (_name, production) => {
	it.concurrent.each(PHASES)(
		'while it %s ends all requests within a second, and leaves the task IDs in the record',
		withScene(async (scene, _phase, { rule, isFinished, isThere, paid }) => {
			if (rule) scene.apixo.misbehave(rule);
			const parameters = { download: true, options: EAGER };
			const run = await scene.start([
				scene.startNode(production),
				items([1, 2, 3].map((n) => ({ prompt: `prompt ${n}` }))),
				wanVideo(parameters, { credentials: scene.credentials }),
				tell('Good', scene.witnessUrl('good')),
			]);
			await scene.until(() => scene.apixo.ledger().length === paid);
			if (isFinished) scene.finishAll();
			await scene.until(() => isThere(scene));

			expect(await stopAndWatch(scene, run)).toEqual([]);
			await scene.until(async () => (await recordedTasks(run)) !== '');
			expect((await run.now()).status).toBe('canceled');
			expect((await recordedTasks(run)).split(' ').sort()).toEqual(scene.taskIds().sort());
			expect(scene.taskIds()).toHaveLength(paid);
			expect(scene.visits('good')).toEqual([]);
		}),
	);

	it.concurrent(
		'while it submits waits for the answer, so that the log names the task, and asks nothing more',
		withScene(async (scene) => {
			scene.apixo.misbehave({ on: 'submit', do: { delayMs: 500 } });
			const run = await scene.start([
				scene.startNode(production),
				items([{ prompt: 'prompt 1' }]),
				wanVideo({ options: EAGER }, { credentials: scene.credentials }),
			]);
			await scene.until(() => scene.apixo.ledger().length === 1);
			expect(await stopAndWatch(scene, run)).toEqual([]);
			expect((await run.now()).status).toBe('canceled');
			const [taskId] = scene.taskIds();
			expect(scene.n8n.log()).toContain(`Stopped while these Wan Video tasks go on: ${taskId}`);
		}),
	);

	it.concurrent(
		'while it asks APIXO after it was parked asks nothing more, and keeps the task ID',
		withScene(async (scene) => {
			const run = await scene.park({ production });
			await run.parked();
			scene.apixo.misbehave({ on: 'status', do: { delayMs: 1_500 } });
			scene.finishAll();
			await scene.until(() => underWay(scene, 'status') === 1);
			await scene.client.stop(run.id);
			const latest = Date.now() + GRACE_MS;
			await sleep(WATCHED_MS);
			expect(scene.apixo.requests().filter(({ at }) => at > latest)).toEqual([]);
			const execution = await run.now();
			expect(JSON.stringify(execution.data)).toContain(scene.taskIds()[0]);
			expect(scene.apixo.ledger()).toHaveLength(1);
		}),
	);
});

describe('a stop by the user', () => {
	it.concurrent(
		'leaves the IDs of fifty tasks, too',
		withScene(async (scene) => {
			const run = await scene.start([
				scene.startNode(false),
				items(Array.from({ length: 50 }, (_, n) => ({ prompt: `prompt ${n}` }))),
				wanVideo({ duration: 2 }, { credentials: scene.credentials }),
			]);
			await scene.until(() => scene.apixo.ledger().length === 50);
			await scene.client.stop(run.id);
			await scene.until(async () => (await recordedTasks(run)) !== '');
			const record = JSON.stringify((await run.now()).customData);
			expect(scene.taskIds().filter((taskId) => !record.includes(taskId))).toEqual([]);
		}),
	);

	it.concurrent(
		'of a parked execution keeps the task IDs, and no callback revives it',
		withScene(async (scene) => {
			const run = await scene.park({ count: 3 });
			await run.parked();
			await scene.client.stop(run.id);
			scene.finishAll();
			await scene.delivered(3);

			const execution = await run.now();
			expect(execution.status).toBe('canceled');
			const shown = jsonOf(execution, 'Wan').map(({ taskId }) => taskId);
			expect(shown.sort()).toEqual(scene.taskIds().sort());
			// n8n's editor shows no output of a node that was stopped while parked.
			expect((await recordedTasks(run)).split(' ').sort()).toEqual(scene.taskIds().sort());
			expect(scene.apixo.callbacks().filter(({ status }) => status === 200)).toEqual([]);
			expect(scene.wentOn()).toEqual([]);
			expect(scene.wentWrong()).toEqual([]);
		}),
	);
});
