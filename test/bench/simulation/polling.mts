import { createRequire } from 'node:module';
import path from 'node:path';
import { GENERATION_SECONDS, randomOf } from '../../support/measure/random.mts';
import { VirtualClock } from './virtual-clock.mts';

const REQUEST = { mode: 'text-to-video', resolution: '720p', duration: 5 };
const FIRST_MS = 30_000;
const INTERVAL_MS = 10_000;
const NEVER_STOPPED = { requested: false };

/** The node's own code, as built. */
function loadWaiting(packageDir: string) {
	const require = createRequire(import.meta.url);
	const load = (name) => require(path.join(packageDir, 'dist/nodes/WanVideo/waiting', name));
	const { awaitFinal } = load('polling');
	const { fixedSchedule, learningSchedule } = load('schedule');
	return { awaitFinal, fixedSchedule, learningSchedule, Experience: load('experience').Experience };
}

const SCHEDULES = {
	fixed: ({ fixedSchedule }) => fixedSchedule(FIRST_MS, INTERVAL_MS),
	learned: ({ learningSchedule }, { durations, underWay }) =>
		learningSchedule(REQUEST, {}, durations, underWay),
};

/**
 * Waits for tasks with the node's own waiting code under a virtual clock, as Generate does.
 *
 * @returns by order of completion. `lagMs`: from
 *   "final at APIXO" to "noticed"
 */
export async function simulate({
	packageDir,
	schedule,
	times,
	seed,
	tasks,
	parallel,
}: {
	packageDir: string;
	schedule: 'fixed' | 'learned';
	times: keyof typeof GENERATION_SECONDS;
	seed: number;
	tasks: number;
	/** under way at once; 1 is a workflow that makes one video a run */
	parallel: number;
}): Promise<{ lagMs: number; looks: number }[]> {
	const { Experience, awaitFinal, ...schedules } = loadWaiting(packageDir);
	const clock = new VirtualClock();
	const random = randomOf(seed);
	const staticData = {};
	const experience = new Experience({ getWorkflowStaticData: () => staticData });
	const finished = [];
	let underWay = 0;
	let started = 0;

	async function oneTask(taskId) {
		const durationMs = Math.round(GENERATION_SECONDS[times](random) * 1_000);
		const createTime = clock.now();
		const completeTime = createTime + durationMs;
		let looks = 0;
		const look = async () => {
			looks += 1;
			const state = clock.now() >= completeTime ? 'success' : 'processing';
			const facts = { createTime, completeTime, costTime: durationMs };
			const videoUrls = ['https://example.com/video.mp4'];
			return { ok: true, value: { taskId, state, videoUrls, ...facts } };
		};
		underWay += 1;
		const plan = SCHEDULES[schedule](schedules, {
			durations: () => experience.durationsOf(REQUEST),
			underWay: () => underWay,
		});
		const pace = { clock, stop: NEVER_STOPPED, deadline: Infinity };
		const outcome = await awaitFinal(taskId, look, plan, pace);
		underWay -= 1;
		if (!outcome.ok) throw new Error(outcome.failure.message);
		experience.note(REQUEST, outcome.value);
		finished.push({ lagMs: clock.now() - completeTime, looks });
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
