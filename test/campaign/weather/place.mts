import { type Live, type Visited, hasPassed, tasksAt } from './live.mts';
import { countOf, knownTaskId } from './workflow.mts';

/** A task that nobody reports is looked for after 270 s, then after 62 s and more. */
export const PATIENCE_MS = 400_000;

/** Of executions that have ended. */
export const FINAL = ['success', 'error', 'crashed', 'canceled'];

/** Where an execution is, as far as it matters at a stop. */
export type Place = 'parked' | 'passed' | 'ended';

/** Waits until an execution is parked at a stop, has passed it, or has ended. */
export async function arrive(live: Live, visited: Visited, mayBeParked = true): Promise<Place> {
	const { census, scene, workflowId, executionId } = live;
	const deadline = Date.now() + PATIENCE_MS;
	while (Date.now() < deadline) {
		if (hasPassed(live, visited)) return 'passed';
		const isThere = isPrepared(live, visited);
		const execution = (await census()).get(workflowId);
		if (execution?.status === 'waiting' && isThere && mayBeParked) {
			if (hasPassed(live, visited)) return 'passed';
			return 'parked';
		}
		if (execution === undefined) {
			const { status } = await scene.client.execution(executionId);
			if (FINAL.includes(status)) return hasPassed(live, visited) ? 'passed' : 'ended';
		}
	}
	throw new Stuck(`It is neither parked at, nor past, nor ended at ${visited.stop.kind}`);
}

export class Stuck extends Error {}

/** Whether all that must have happened before it can be parked at a stop has. */
function isPrepared(live: Live, visited: Visited): boolean {
	const { stop } = visited;
	if (stop.kind === 'wait parked') {
		const taskId = knownTaskId(visited.index, visited.pass);
		return live.scene.apixo.requests({ kind: 'status' }).some((poll) => poll.taskId === taskId);
	}
	const hasTasks = ['wan', 'wan parked', 'sub-workflow'].includes(stop.kind);
	return !hasTasks || tasksAt(live, visited).length >= countOf(stop);
}
