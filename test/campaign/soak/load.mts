import { randomUUID } from 'node:crypto';
import { until } from '../../support/n8n/until.mts';
import {
	chain,
	code,
	node,
	wanVideo,
	wanVideoTrigger,
	webhookStart,
} from '../../support/n8n/workflows.mts';
import type { openScene } from '../../support/n8n/scene.mts';

/** Quick looks, so that a round takes seconds. */
const QUICK = { firstPollDelay: 1, pollInterval: 1 };

const STARTED_MS = 15_000;

/** As many items as the call of the workflow asks for, each with a prompt of its own. */
const asked = () =>
	code(
		'Items',
		'const { count, name } = $input.first().json.body;\n' +
			'return Array.from({ length: count }, (_, n) => ({ json: { prompt: `${name} ${n}` } }));',
	);

/** The workflows of the load, published once. */
export async function publish({ client, n8n, credentials }: Awaited<ReturnType<typeof openScene>>) {
	async function published(name, nodeOf, settings = {}) {
		const path = randomUUID();
		const steps = [webhookStart(path), asked(), nodeOf(settings), node('After', 'noOp')];
		const { id } = await client.createWorkflow(chain(name, steps));
		await client.activate(id);
		return { id, url: `${n8n.url}/webhook/${path}` };
	}
	const wan = (parameters) => (settings) => wanVideo(parameters, { credentials, ...settings });
	const trigger = wanVideoTrigger({}, { credentials });
	const triggered = await client.createWorkflow(
		chain('triggered', [trigger, node('After', 'noOp')]),
	);
	await client.activate(triggered.id);
	const callbackUrl = `${n8n.url}/webhook/${trigger.webhookId}/wan-video`;
	const goOn = { onError: 'continueErrorOutput' };
	return {
		triggered: triggered.id,
		poll: await published('poll', wan({ options: QUICK }), goOn),
		download: await published('download', wan({ download: true, options: QUICK }), goOn),
		park: await published('park', wan({ waitFor: 'callback' }), goOn),
		fail: await published('fail', wan({ options: QUICK })),
		submit: await published(
			'submit',
			wan({ operation: 'submit', delivery: 'callback', callbackUrl }),
		),
	};
}

/** The same workflows with nothing in place of the node: what n8n itself holds on to. */
export async function publishControl({ client, n8n }) {
	const path = randomUUID();
	const steps = [webhookStart(path), asked(), node('Wan', 'noOp'), node('After', 'noOp')];
	const { id } = await client.createWorkflow(chain('control', steps));
	await client.activate(id);
	return { control: { id, url: `${n8n.url}/webhook/${path}` } };
}

/** As many executions as a round of the load has, those of the trigger included. */
export async function playControlRound({ client }, { control }) {
	const executions = ROUND.length + STOPPED.length + 8;
	for (let number = 0; number < executions; number += 1) {
		await client.postWebhook(control.url, { count: 5, name: 'nothing' });
	}
	await until(async () => (await unfinished(client)).length === 0, 120_000);
}

/** What one round starts: the workflow, how many items, and what its tasks are called. */
const ROUND = [
	...Array.from({ length: 3 }, () => ['poll', 8, 'a fox']),
	['poll', 6, 'one in trouble'],
	['download', 3, 'a film'],
	...Array.from({ length: 3 }, () => ['park', 5, 'an owl']),
	['fail', 4, 'one that fails'],
	...Array.from({ length: 2 }, () => ['submit', 4, 'a bear']),
];

/** Their runs are stopped by the user while their tasks go on. */
const STOPPED = [
	['poll', 3, 'endless'],
	['park', 3, 'endless'],
];

/** How APIXO treats the tasks of the load, by their prompts. */
export const RULES = [
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
export async function unfinished(client): Promise<unknown[]> {
	const filter = JSON.stringify({ status: UNFINISHED });
	return (await client.get('/executions', { filter, limit: 100 })).results;
}

/** Starts everything of a round, stops what is to be stopped, and waits until all is over. */
export async function playRound({ client, apixo }, workflows) {
	const start = async ([name, count, prompt]) => {
		const { status } = await client.postWebhook(workflows[name].url, { count, name: prompt });
		if (status !== 200) throw new Error(`A webhook answered ${status}`);
	};
	const endless = () => apixo.tasks().filter(({ prompt }) => prompt.startsWith('endless')).length;
	const wanted = endless() + STOPPED.reduce((sum, [, count]) => sum + count, 0);
	await Promise.all(STOPPED.map(start));
	await until(() => endless() >= wanted, STARTED_MS);
	const toStop = await unfinished(client);
	await Promise.all(ROUND.map(start));
	await Promise.all(toStop.map(async ({ id }) => await client.stop(id).catch(() => {})));
	await until(async () => (await unfinished(client)).length === 0, 120_000);
}
