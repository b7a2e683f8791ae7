import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import { code, node, tell, wanVideo, waitNode } from '../../support/n8n/workflows.mts';
import type { NewWorkflow } from '../../support/n8n/workflows.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import type { Stop, StopKind, Story } from './story.mts';

/** Suffix of the Wait nodes that have one. */
export const SUFFIX = 'approve';

/** Seconds; from 65 on, n8n's Wait node parks. */
export const LONG_SECONDS = 66;
const SHORT_SECONDS = 2;

export const stopName = ({ kind }: Stop, index: number) => `${kind} ${index}`;
export const passName = (index: number) => `after ${index}`;
export const badName = (index: number) => `bad ${index}`;
/** Of the node in the called workflow. */
export const CHILD_NODE = 'Wan';

/** What only the task of this item has as its prompt. */
export const promptOf = (index: number, pass: number, item: number) =>
	`film ${index}.${pass}.${item};`;

/** Of a task that exists already. */
export const knownTaskId = (index: number, pass: number) => `task_known_${index}_${pass}`;

/** Makes the items of the next stop, whatever came in. */
const films = (index: number, count: number) =>
	code(
		`Films ${index}`,
		`const known = 'task_known_${index}_' + $runIndex;
// So that what is learned of one stop and pass tells nothing of the next.
const duration = ${2 + 3 * index} + $runIndex;
return Array.from({ length: ${count} }, (_, item) => {
	const prompt = 'film ${index}.' + $runIndex + '.' + item + ';';
	return { json: { prompt, duration, known } };
});`,
	);

type Scenery = Pick<Scene, 'credentials' | 'witnessUrl'>;

const wan = (name: string, parameters: INodeParameters, stop: Stop, { credentials }: Scenery) => ({
	...wanVideo(parameters, { credentials, onError: stop.onError }),
	name,
});

const generate = (waitFor: string, { download, firstPollDelay }: Stop) => ({
	waitFor,
	download,
	duration: '={{ $json.duration }}',
	options: firstPollDelay === undefined ? {} : { firstPollDelay },
});

const wait = (name: string, parameters: INodeParameters): INode => ({
	...waitNode(parameters),
	name,
});

type StopNode = (name: string, stop: Stop, scenery: Scenery) => INode;

const onCall =
	(httpMethod: string, webhookSuffix?: string): StopNode =>
	(name) =>
		wait(name, { httpMethod, options: webhookSuffix === undefined ? {} : { webhookSuffix } });

const afterSeconds =
	(amount: number): StopNode =>
	(name) =>
		wait(name, { resume: 'timeInterval', amount, unit: 'seconds' });

/** @param childId of the workflow that is called */
const STOP_NODES = (childId?: string): Record<StopKind, StopNode> => ({
	wan: (name, stop, scenery) => wan(name, generate('callback', stop), stop, scenery),
	'wait for POST': onCall('POST'),
	'wait for GET': onCall('GET'),
	'wait for POST with suffix': onCall('POST', SUFFIX),
	'wait for GET with suffix': onCall('GET', SUFFIX),
	'wait for form': (name) =>
		wait(name, {
			resume: 'form',
			formTitle: 'Publish',
			responseMode: 'onReceived',
			formFields: { values: [{ fieldLabel: 'Why' }] },
		}),
	'wait for seconds': afterSeconds(SHORT_SECONDS),
	'wait for time': afterSeconds(LONG_SECONDS),
	'wan parked': (name, stop, scenery) =>
		wan(name, generate('parked', { ...stop, firstPollDelay: 62 }), stop, scenery),
	'wait parked': (name, stop, scenery) =>
		wan(
			name,
			{ operation: 'wait', taskId: '={{ $json.known }}', waitFor: 'parked' },
			stop,
			scenery,
		),
	'sub-workflow': (name) =>
		node(name, 'executeWorkflow', {
			typeVersion: 1.2,
			parameters: {
				workflowId: { __rl: true, mode: 'id', value: childId ?? '' },
				mode: 'once',
				options: { waitForSubWorkflow: true },
			},
		}),
});

const hasErrorOutput = ({ kind, onError }: Stop) =>
	['wan', 'wan parked'].includes(kind) && onError === 'continueErrorOutput';

/** A node, and whatever its outputs lead to. */
class Plan {
	private readonly nodes: INode[] = [];
	private readonly connections: IConnections = {};

	add(added: INode): INode {
		this.nodes.push(added);
		return added;
	}

	connect(from: INode, to: INode, output = 0) {
		const main = (this.connections[from.name] ??= { main: [] }).main;
		while (main.length <= output) main.push([]);
		main[output]?.push({ node: to.name, type: 'main', index: 0 });
	}

	workflow(name: string): NewWorkflow {
		const settings = { executionOrder: 'v1' };
		return { name, nodes: this.nodes, connections: this.connections, settings };
	}
}

/** One node for each item of a stop; a task that exists already is waited for once. */
export const countOf = ({ kind, passes }: Stop): number =>
	kind === 'wait parked' ? 1 : passes[0].fates.length;

/** Appends films, the node of the stop, and who is told of what comes out. @returns the last node */
function append(plan: Plan, last: INode, stop: Stop, index: number, made: INode, scenery: Scenery) {
	const source = plan.add(films(index, countOf(stop)));
	plan.connect(last, source);
	plan.add(made);
	plan.connect(source, made);
	const told = plan.add(tell(passName(index), scenery.witnessUrl(passName(index))));
	plan.connect(made, told);
	if (hasErrorOutput(stop)) {
		const bad = plan.add(tell(badName(index), scenery.witnessUrl(badName(index))));
		plan.connect(made, bad, 1);
	}
	return told;
}

/** The workflow of a story: its stops in a row, each followed by a node that tells who came by. */
export function workflowOf(
	story: Story,
	start: INode,
	scenery: Scenery,
	childIds: Array<string | undefined>,
): NewWorkflow {
	const plan = new Plan();
	let last = plan.add(start);
	let loop: INode | undefined;
	if (story.loops !== undefined) {
		const rounds = plan.add(
			code('Rounds', `return Array.from({ length: ${story.loops} }, (_, n) => ({ json: { n } }));`),
		);
		plan.connect(last, rounds);
		loop = plan.add(
			node('Loop', 'splitInBatches', { typeVersion: 3, parameters: { options: {} } }),
		);
		plan.connect(rounds, loop);
	}
	let first = true;
	for (const [index, stop] of story.stops.entries()) {
		const name = stopName(stop, index);
		const made = STOP_NODES(childIds[index])[stop.kind](name, stop, scenery);
		if (loop !== undefined && first) {
			// "loop" is the second output of Loop Over Items.
			const inside = plan.add(node('Inside', 'noOp'));
			plan.connect(loop, inside, 1);
			last = inside;
		}
		first = false;
		last = append(plan, last, stop, index, made, scenery);
	}
	if (loop !== undefined) plan.connect(last, loop);
	return plan.workflow(`story ${story.number}`);
}

/** The workflow that a stop calls. Its items are those that the caller made. */
export function childWorkflowOf(stop: Stop, index: number, scenery: Scenery): NewWorkflow {
	const plan = new Plan();
	const start = plan.add(
		node('Start', 'executeWorkflowTrigger', {
			typeVersion: 1.1,
			parameters: { inputSource: 'passthrough' },
		}),
	);
	const made = wan(CHILD_NODE, generate('callback', stop), stop, scenery);
	plan.add(made);
	plan.connect(start, made);
	return plan.workflow(`called ${index}`);
}
