import type { IDataObject } from 'n8n-workflow';
import type { Task } from '../../../nodes/apixo/task.ts';
import type { Result } from '../../../nodes/apixo/result.ts';
import type { WanRequest } from '../../../nodes/WanVideo/model/request.ts';
import { randomOf } from '../../support/measure/random.mts';
import { VirtualClock } from './virtual-clock.mts';
import { loadWaitingCode } from './waiting-code.mts';

const REQUEST: WanRequest = {
	mode: 'text-to-video',
	prompt: 'a fox',
	resolution: '720p',
	duration: 5,
};
const FIRST_MS = 30_000;
const INTERVAL_MS = 10_000;

export interface Simulation {
	packageDir: string;
	schedule: 'fixed' | 'learned';
	/** how long a task takes, in seconds, drawn with a random source */
	drawSeconds: (random: () => number) => number;
	seed: number;
	tasks: number;
	/** under way at once; 1 is a workflow that makes one video a run */
	parallel: number;
}

export interface SimulatedTask {
	/** from "final at APIXO" to "noticed" */
	lagMs: number;
	polls: number;
}

/**
 * Waits for tasks with the node's own waiting code under a virtual clock, as Generate does.
 *
 * @returns in the order in which they were noticed
 */
export async function simulate({
	packageDir,
	schedule,
	drawSeconds,
	seed,
	tasks,
	parallel,
}: Simulation): Promise<SimulatedTask[]> {
	const { DurationHistory, waitUntilFinal, fixedSchedule, learningSchedule } =
		loadWaitingCode(packageDir);
	const clock = new VirtualClock();
	const random = randomOf(seed);
	const staticData: IDataObject = {};
	const history = new DurationHistory({ getWorkflowStaticData: () => staticData });
	const { signal } = new AbortController();
	const finished: SimulatedTask[] = [];
	let underWay = 0;
	let started = 0;

	const newSchedule = () =>
		schedule === 'fixed'
			? fixedSchedule(FIRST_MS, INTERVAL_MS)
			: learningSchedule(
					REQUEST,
					{},
					() => history.durationsOf(REQUEST),
					() => underWay,
				);

	async function oneTask(taskId: string) {
		const costTime = Math.round(drawSeconds(random) * 1_000);
		const createTime = clock.now();
		const completeTime = createTime + costTime;
		let polls = 0;
		const poll = async (): Promise<Result<Task>> => {
			polls += 1;
			const state = clock.now() >= completeTime ? 'success' : 'processing';
			const videoUrls = ['https://example.com/video.mp4'];
			const value = { taskId, state, videoUrls, createTime, completeTime, costTime, raw: {} };
			return { ok: true, value };
		};
		underWay += 1;
		const result = await waitUntilFinal({
			taskId,
			poll,
			schedule: newSchedule(),
			clock,
			signal,
			deadline: Infinity,
		});
		underWay -= 1;
		if (!result.ok) throw new Error(result.failure.message);
		history.add(REQUEST, result.value);
		finished.push({ lagMs: clock.now() - completeTime, polls });
	}

	async function worker() {
		while (started < tasks) {
			started += 1;
			await oneTask(`task_${started}`);
		}
	}
	await clock.run(Promise.all(Array.from({ length: parallel }, worker)));
	return finished;
}
