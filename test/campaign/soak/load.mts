import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import type { Rule } from '../../../emulator/index.mts';
import type {
	ExecutionList,
	ExecutionSummary,
	N8nClient,
} from '../../../tools/n8n/driver/index.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import { until } from '../../support/n8n/until.mts';
import {
	chain,
	code,
	node,
	wanVideo,
	wanVideoTrigger,
	webhookStart,
} from '../../support/n8n/workflows.mts';

/** Quick polls, so that a round takes seconds. */
const QUICK = { firstPollDelay: 1, pollInterval: 1 };

const START_TIMEOUT_MS = 15_000;
const ROUND_TIMEOUT_MS = 120_000;

/** What is done to n8n, round after round. */
export interface Load {
	workflowIds: string[];
	/** Starts everything of a round, and waits until all is over. */
	playRound: () => Promise<void>;
}

/** As many items as the call of the workflow asks for, each with a prompt of its own. */
const asked = () =>
	code(
		'Items',
		'const { count, name } = $input.first().json.body;\n' +
			'return Array.from({ length: count }, (_, n) => ({ json: { prompt: `${name} ${n}` } }));',
	);

interface Published {
	id: string;
	/** that starts it */
	url: string;
}

/** Publishes a workflow that puts the items of a call into a node. */
async function publish(
	{ client, n8n }: Scene,
	name: string,
	tested: ReturnType<typeof node>,
): Promise<Published> {
	const path = randomUUID();
	const steps = [webhookStart(path), asked(), tested, node('After', 'noOp')];
	const { id } = await client.createWorkflow(chain(name, steps));
	await client.activate(id);
	return { id, url: `${n8n.url}/webhook/${path}` };
}

/** Publishes a workflow that a Wan Video Trigger starts. */
async function publishTriggered({ client, n8n, credentials }: Scene): Promise<Published> {
	const trigger = wanVideoTrigger({}, { credentials });
	const steps = [trigger, node('After', 'noOp')];
	const { id } = await client.createWorkflow(chain('triggered', steps));
	await client.activate(id);
	return { id, url: `${n8n.url}/webhook/${trigger.webhookId}/wan-video` };
}

async function publishAll(scene: Scene) {
	const { credentials } = scene;
	const triggered = await publishTriggered(scene);
	const goesOn = async (name: string, parameters: INodeParameters) =>
		await publish(
			scene,
			name,
			wanVideo(parameters, { credentials, onError: 'continueErrorOutput' }),
		);
	const stops = async (name: string, parameters: INodeParameters) =>
		await publish(scene, name, wanVideo(parameters, { credentials }));
	const callbackUrl = triggered.url;
	return {
		triggered,
		poll: await goesOn('poll', { options: QUICK }),
		download: await goesOn('download', { download: true, options: QUICK }),
		park: await goesOn('park', { waitFor: 'callback' }),
		fail: await stops('fail', { options: QUICK }),
		submit: await stops('submit', { operation: 'submit', delivery: 'callback', callbackUrl }),
	};
}

type Workflows = Awaited<ReturnType<typeof publishAll>>;

interface Call {
	workflow: keyof Workflows;
	/** items */
	count: number;
	/** what the prompts of its tasks begin with */
	name: string;
}

/** What one round starts. */
const ROUND: Call[] = [
	...Array.from({ length: 3 }, (): Call => ({ workflow: 'poll', count: 8, name: 'a fox' })),
	{ workflow: 'poll', count: 6, name: 'one in trouble' },
	{ workflow: 'download', count: 3, name: 'a film' },
	...Array.from({ length: 3 }, (): Call => ({ workflow: 'park', count: 5, name: 'an owl' })),
	{ workflow: 'fail', count: 4, name: 'one that fails' },
	...Array.from({ length: 2 }, (): Call => ({ workflow: 'submit', count: 4, name: 'a bear' })),
];

/** Their runs are stopped by the user while their tasks go on. */
const STOPPED: Call[] = [
	{ workflow: 'poll', count: 3, name: 'endless' },
	{ workflow: 'park', count: 3, name: 'endless' },
];

/** How APIXO treats the tasks of the load, by their prompts. */
export const RULES: Rule[] = [
	{ on: 'submit', match: { promptIncludes: 'endless' }, do: { never: true } },
	{ on: 'submit', match: { promptIncludes: 'fails 2' }, do: { fail: { failCode: 'NSFW' } } },
	{ on: 'submit', match: { promptIncludes: 'trouble 1' }, do: { loseAnswer: true } },
	{ on: 'submit', match: { promptIncludes: 'trouble 2' }, do: { httpStatus: 400 } },
	{ on: 'status', match: { promptIncludes: 'trouble 3' }, do: { httpStatus: 404 } },
	{ on: 'submit', match: { promptIncludes: 'trouble 4' }, do: { resultJson: '{oops' } },
	{ on: 'callback', match: { promptIncludes: 'owl 1' }, do: { duplicate: 2 } },
	{ on: 'callback', match: { promptIncludes: 'owl 2' }, do: { lose: 1 } },
];

const UNFINISHED = ['new', 'running', 'waiting', 'unknown'];

/** @returns executions that have not ended */
export async function unfinished(client: N8nClient): Promise<ExecutionSummary[]> {
	const filter = JSON.stringify({ status: UNFINISHED });
	return (await client.get<ExecutionList>('/executions', { filter, limit: 100 })).results;
}

const untilAllEnded = async (client: N8nClient) =>
	await until(async () => (await unfinished(client)).length === 0, ROUND_TIMEOUT_MS);

async function playRound({ client, apixo }: Scene, workflows: Workflows) {
	const start = async ({ workflow, count, name }: Call) => {
		const { status } = await client.postWebhook(workflows[workflow].url, { count, name });
		if (status !== 200) throw new Error(`A webhook answered ${status}`);
	};
	const endless = () => apixo.tasks().filter(({ prompt }) => prompt?.startsWith('endless')).length;
	const wanted = endless() + STOPPED.reduce((sum, { count }) => sum + count, 0);
	await Promise.all(STOPPED.map(start));
	await until(() => endless() >= wanted, START_TIMEOUT_MS);
	const toStop = await unfinished(client);
	await Promise.all(ROUND.map(start));
	await Promise.all(toStop.map(async ({ id }) => await client.stop(id).catch(() => {})));
	await untilAllEnded(client);
}

/** Publishes the workflows of the load. */
export async function openLoad(scene: Scene): Promise<Load> {
	const workflows = await publishAll(scene);
	return {
		workflowIds: Object.values(workflows).map(({ id }) => id),
		playRound: async () => await playRound(scene, workflows),
	};
}

/** As many executions as a round of the load has, those of the trigger included. */
const CONTROL_EXECUTIONS = ROUND.length + STOPPED.length + 8;

/** The same with nothing in place of the node: what n8n itself holds on to. */
export async function openControlLoad(scene: Scene): Promise<Load> {
	const { id, url } = await publish(scene, 'control', node('Wan', 'noOp'));
	return {
		workflowIds: [id],
		async playRound() {
			for (let number = 0; number < CONTROL_EXECUTIONS; number += 1) {
				await scene.client.postWebhook(url, { count: 5, name: 'nothing' });
			}
			await untilAllEnded(scene.client);
		},
	};
}
