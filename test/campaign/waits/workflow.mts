import {
	callWorkflow,
	calledStart,
	chain,
	code,
	node,
	tell,
	waitNode,
	wanVideo,
	webhookStart,
} from '../../support/n8n/workflows.mts';
import type { NewWorkflow, NodeSettings } from '../../support/n8n/workflows.mts';
import { ADDITIONAL_FIELDS } from '../volatile.mts';
import type { RunPlan } from './draw-run.mts';

/** The shortest wait that n8n parks for in time. */
const PARKED_SECONDS = 63;

/** n8n's own Wait node, which nobody calls: it goes on by its limit. */
const parkedNode = () =>
	waitNode({
		httpMethod: 'POST',
		limitWaitTime: true,
		limitType: 'afterTimeInterval',
		resumeAmount: PARKED_SECONDS,
		resumeUnit: 'seconds',
	});

const wan = (
	{ way, limit, timeout, firstLook, volatile, download, onError, retryOnFail }: RunPlan,
	credentials: NodeSettings['credentials'],
) =>
	wanVideo(
		{
			waitFor: way,
			download,
			additionalFields: ADDITIONAL_FIELDS[volatile],
			options: {
				maxParallelTasks: limit,
				...(timeout === undefined ? {} : { timeout }),
				...(way === 'polling' ? { firstPollDelay: 5, pollInterval: 5 } : {}),
				...(way === 'callback' && firstLook !== undefined
					? { firstPollDelay: firstLook, pollInterval: 62 }
					: {}),
			},
		},
		{ credentials, onError, retryOnFail, maxTries: 2, waitBetweenTries: 500 },
	);

interface Surroundings {
	credentials: NodeSettings['credentials'];
	/** of the webhook that starts it; undefined if another workflow calls it */
	path?: string;
	witnessUrl: (name: string) => string;
}

type Tagged = Pick<RunPlan, 'tag'>;

/** Whom the workflow of a run tells its items. */
export const goodOf = ({ tag }: Tagged) => `${tag} good`;
export const badOf = ({ tag }: Tagged) => `${tag} bad`;
/** Told once all is done. */
export const endOf = ({ tag }: Tagged) => `${tag} end`;

/** What starts an execution: several runs may share a workflow. */
export const startOf = ({ tag, items }: RunPlan) => ({
	tag,
	prompts: items.map(({ prompt }) => prompt),
});

const STARTED_WITH = `$('Start').first().json.body`;

/** One item for each prompt. */
const itemsNode = () =>
	code('Items', `return ${STARTED_WITH}.prompts.map((prompt) => ({ json: { prompt } }));`);

/** Calls the workflow of a run, and waits for it. */
export const callerOf = (plan: RunPlan, workflowId: string, path: string): NewWorkflow =>
	chain(`caller of ${plan.tag}`, [webhookStart(path), callWorkflow(workflowId, 'once')]);

/** Start → Items → (Loop →) Wan → Good (→ Wait) (→ Loop) → End; what fails may go to Bad. */
export function workflowOf(
	plan: RunPlan,
	{ credentials, path, witnessUrl }: Surroundings,
): NewWorkflow {
	const { batchSize, hasWaitNode, saveExecutionProgress } = plan;
	const settings = { executionOrder: 'v1', saveExecutionProgress };
	const start = [path === undefined ? calledStart() : webhookStart(path), itemsNode()];
	const tellOf = (name: string, whom: (run: Tagged) => string) =>
		tell(
			name,
			`=${witnessUrl('')}{{ encodeURIComponent(${STARTED_WITH}.tag + '${whom({ tag: '' })}') }}`,
		);
	const good = tellOf('Good', goodOf);
	const end = tellOf('End', endOf);
	const parked = hasWaitNode ? [parkedNode()] : [];
	if (batchSize === undefined) {
		const bad = tellOf('Bad', badOf);
		const steps = [...start, wan(plan, credentials), [good, bad]];
		const workflow = chain(plan.tag, steps);
		const tail = chain('', [good, ...parked, end]);
		return {
			...workflow,
			nodes: [...workflow.nodes, ...parked, end],
			connections: { ...workflow.connections, ...tail.connections },
			settings,
		};
	}
	const loop = node('Loop', 'splitInBatches', {
		typeVersion: 3,
		parameters: { batchSize, options: {} },
	});
	const body = chain('', [wan(plan, credentials), good, ...parked, loop]);
	const head = chain(plan.tag, [...start, loop, [end, body.nodes[0]]]);
	return {
		...head,
		nodes: [...head.nodes, ...body.nodes.slice(1, -1)],
		connections: { ...body.connections, ...head.connections },
		settings,
	};
}
