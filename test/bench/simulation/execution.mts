import type { IExecuteData, IExecuteFunctions, INode } from 'n8n-workflow';
import type { Task } from '../../../nodes/apixo/task.ts';
import type { Way } from '../../../nodes/WanVideo/descriptions/waitFor.ts';
import type { Overrides } from '../../../nodes/WanVideo/tasks/schedule.ts';
import type { WaitJob } from '../../../nodes/WanVideo/wait/stretch.ts';
import type { VirtualClock } from './virtual-clock.mts';
import { loadWaitingCode } from './waiting-code.mts';

const NODE: INode = {
	id: '1',
	name: 'Wan Video',
	type: 'n8n-nodes-apixo.wanVideo',
	typeVersion: 1.1,
	position: [0, 0],
	parameters: {},
};

const FACTS = { mode: 'text-to-video', estimatedCostUsd: 0 } as const;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How an execution waits. */
export interface Waiting {
	packageDir: string;
	way: Way;
	/** what the user set */
	pace?: Overrides;
	/** the kind of request that is learned from; default: nothing is known */
	kind?: string;
	/** none of the callbacks arrives */
	isLost?: boolean;
	/** tasks under way at once; default: all */
	limit?: number;
}

export interface SimulatedTask {
	/** from "final at APIXO" to "noticed" */
	lagMs: number;
	polls: number;
}

export interface SimulatedExecution {
	/** in the order in which they were noticed */
	tasks: SimulatedTask[];
	/** from the end of the last task to the execution's */
	lagMs: number;
	/** from its start to its end */
	wholeMs: number;
	/** of it, in a slot of n8n */
	slotMs: number;
	/** how often it was parked */
	parks: number;
}

/** What the node sees of n8n: one that parks, and keeps what the node saves. */
function fakeEngine() {
	const saved = {};
	const entry: IExecuteData = { node: NODE, data: { main: [[]] }, source: null };
	let parkedUntil: number | undefined;
	const parts = {
		runExecutionData: { executionData: { nodeExecutionStack: [] } },
		continueOnFail: () => true,
		getContext: () => saved,
		getExecuteData: () => ({ ...entry }),
		getExecutionId: () => '1',
		getInputData: () => [],
		getMode: () => 'trigger',
		getNode: () => NODE,
		getParentNodes: () => [],
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		onExecutionCancellation: () => undefined,
		putExecutionToWait: async (until: Date) => void (parkedUntil = until.getTime()),
	};
	return {
		/** of a call of `execute()` */
		context: parts as unknown as IExecuteFunctions,
		/** @returns until when the call before parked the execution; undefined if it ended it */
		takeParkedUntil() {
			const until = parkedUntil;
			parkedUntil = undefined;
			return until;
		},
	};
}

/**
 * Waits for tasks with the node's own code under a virtual clock, as Generate does. n8n itself, the
 * network and submitting take no time.
 *
 * @param durations milliseconds that each task takes from its submission on
 */
export async function simulateExecution(
	clock: VirtualClock,
	{ packageDir, way, pace = {}, kind, isLost = false, limit }: Waiting,
	durations: number[],
): Promise<SimulatedExecution> {
	const { Run, waitForItems } = loadWaitingCode(packageDir);
	const { context, takeParkedUntil } = fakeEngine();
	const submitted = new Map<string, { createTime: number; completeTime: number }>();
	const polls = new Map<string, number>();
	const tasks: SimulatedTask[] = [];

	function poll(taskId: string): Task {
		const { createTime, completeTime } = submitted.get(taskId) ?? {
			createTime: 0,
			completeTime: 0,
		};
		const count = (polls.get(taskId) ?? 0) + 1;
		polls.set(taskId, count);
		const isFinal = clock.now() >= completeTime;
		if (isFinal) tasks.push({ lagMs: clock.now() - completeTime, polls: count });
		const raw = {
			taskId,
			state: isFinal ? 'success' : 'processing',
			createTime,
			completeTime,
			costTime: completeTime - createTime,
			resultJson: '{"resultUrls":["https://example.com/video.mp4"]}',
		};
		return { ...raw, videoUrls: ['https://example.com/video.mp4'], raw };
	}

	const terms = { output: { simplify: true }, facts: FACTS, pace, kind, timeoutMs: DAY_MS };
	const job = {
		way,
		client: { pollTask: async (taskId: string) => ({ ok: true, value: poll(taskId) }) },
		plan: () => ({
			items: durations.map(() => ({ kind: 'planned', terms, source: { taskId: '' } })),
			hints: [],
			limit: limit ?? durations.length,
		}),
		begin: async (_planned: unknown, item: number) => {
			const taskId = `task_${item}`;
			const createTime = clock.now();
			submitted.set(taskId, { createTime, completeTime: createTime + durations[item] });
			return { ok: true, value: { taskId, isNew: true } };
		},
	} as unknown as WaitJob;

	const startedAt = clock.now();
	let slotMs = 0;
	for (let parks = 0; ; parks += 1) {
		const wokenAt = clock.now();
		await waitForItems(new Run(context, clock), job);
		slotMs += clock.now() - wokenAt;
		const lastEnd = Math.max(...[...submitted.values()].map(({ completeTime }) => completeTime));
		const parkedUntil = takeParkedUntil();
		if (parkedUntil === undefined) {
			const endedAt = clock.now();
			return { tasks, lagMs: endedAt - lastEnd, wholeMs: endedAt - startedAt, slotMs, parks };
		}
		// The callback of the last task wakes it.
		const isCalled = way === 'callback' && !isLost && lastEnd > clock.now();
		await clock.sleep(Math.min(parkedUntil, isCalled ? lastEnd : Infinity) - clock.now());
	}
}
