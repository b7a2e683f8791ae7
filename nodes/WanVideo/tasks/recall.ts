import type { IExecuteFunctions } from 'n8n-workflow';
import type { ApixoClient } from '../../apixo/client';
import type { Credential } from '../../apixo/credential';
import { isFinal } from '../../apixo/task';
import type { Clock } from '../../shared/clock';
import { mapConcurrently } from '../../shared/concurrency';
import { isRecord } from '../../shared/values';
import { type TaskMemory, type Wish, fingerprint } from './memory';
import { type RecentScope, recentTasks } from './recent';

/** How long the question for a task may be repeated. */
const RETRY_FOR_MS = 30_000;
const MAX_CONCURRENT = 10;

/** Started by hand in the editor: Execute workflow, Execute step, a test of a chat, form or webhook. */
export const isTestRun = (context: IExecuteFunctions): boolean => context.getMode() === 'manual';

/**
 * Whether a tool is called over MCP, whose clients may give up before they are answered. The node
 * that a tool is connected to is there at run time, though not in the public type. (Seen on n8n
 * 2.41.1; read in its code for workers, and in n8n 2.30.8 and 1.123.81.)
 */
function isCalledOverMcp(context: IExecuteFunctions): boolean {
	if (!('parentNode' in context)) return false;
	const { parentNode } = context;
	return isRecord(parentNode) && /\.mcpTrigger$/.test(String(parentNode.type));
}

/** The tasks of other executions that this one may pick up: in test runs, and in calls by agents. */
export function recentFor(
	context: IExecuteFunctions,
	clock: Clock,
	{ apiKey, baseUrl }: Credential,
	isTool: boolean,
): RecentScope | undefined {
	const isTest = isTestRun(context);
	if (!isTest && !isTool) return undefined;
	const node = context.getNode();
	const account = fingerprint([baseUrl, apiKey]);
	const asker = {
		scope: JSON.stringify([isTest, context.getWorkflow().id, node.id, node.name, account]),
		executionId: context.getExecutionId(),
		isTool: !isTest,
		mayBeGone: isCalledOverMcp(context),
	};
	return recentTasks.for(asker, clock);
}

/**
 * Picks up tasks that other executions paid for, as if this one had submitted them: those that APIXO
 * says are alive or finished. What APIXO does not tell is picked up, too: it might be paid twice.
 */
export async function recall(
	client: ApixoClient,
	clock: Clock,
	memory: TaskMemory,
	recent: RecentScope,
	wishes: Wish[],
): Promise<void> {
	const deadline = clock.now() + RETRY_FOR_MS;
	const isOpen = (wish: Wish) => memory.find(wish) === undefined;
	const open = new Map(wishes.filter(isOpen).map((wish) => [wish.item, wish]));
	for (;;) {
		const marks = [...open].map(([item, wish]) => [item, memory.marks(wish)] as const);
		const offers = recent.claim(new Map(marks));
		if (offers.size === 0) return;
		await mapConcurrently([...offers], MAX_CONCURRENT, async ([item, offer]) => {
			const { taskId, isHandedOver } = offer;
			const task = await client.getTask(taskId, deadline);
			const isGone = task.ok ? task.value.state === 'failed' : task.failure.isUnknownTask === true;
			if (isGone) recent.forget(taskId);
			const isWanted = !isGone && !(isHandedOver && task.ok && isFinal(task.value));
			const wish = open.get(item);
			if (!isWanted || wish === undefined) return;
			memory.adopt(wish, taskId);
			open.delete(item);
		});
	}
}
