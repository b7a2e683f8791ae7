import { isAssignmentCollectionValue } from 'n8n-workflow';
import { outputItems } from '../../tools/n8n/driver/index.mts';
import { readItem } from '../support/item.mts';
import { required } from '../support/required.mts';
import { GENERATE, inChat } from '../support/n8n/chat.mts';
import { importExample, nodeOf } from '../support/n8n/examples.mts';
import { jsonOf } from '../support/n8n/run.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { type NewWorkflow, tell } from '../support/n8n/workflows.mts';
import { contentOf, fileOf } from './support/execution.mts';
import { mediaFile } from '../support/media.mts';
import { type Entries, readForm, submitForm } from './support/form.mts';
import type { OpenChat } from '../support/n8n/chat.mts';

const withScene = useStage();

const SOON = { generationMs: 200 };
const UNFINISHED = { generationMs: Infinity };

const spent = ({ apixo }: Scene) => apixo.ledger().reduce((sum, { usd }) => sum + usd, 0);

/** As notes say: a node that sends the form's address, before the node that asks. */
function sendFormAddress(scene: Scene, { nodes, connections }: NewWorkflow, asking: string) {
	const send = tell('Send Address', scene.witnessUrl('form'));
	send.parameters.jsonBody = '={{ JSON.stringify({ form: $execution.resumeFormUrl }) }}';
	nodes.push(send);
	for (const target of Object.values(connections).flatMap(({ main }) => main.flat())) {
		if (target?.node === asking) target.node = send.name;
	}
	connections[send.name] = { main: [[{ node: asking, type: 'main', index: 0 }]] };
}

const sentAddress = (scene: Scene) => {
	const [{ body }] = scene.visits('form');
	return String(readItem(body).form);
};

describe('example 2, a picture from a form', () => {
	const picture = new File([new Uint8Array(mediaFile('picture.png'))], 'me.png', {
		type: 'image/png',
	});
	const voice = new File([new Uint8Array(mediaFile('tone.mp3'))], 'me.mp3', { type: 'audio/mpeg' });

	/** Sends the form off. @returns what its page shows at the end */
	async function send(scene: Scene, entries: Entries): Promise<string> {
		const { n8n, client, until } = scene;
		const example = await importExample(scene, '2');
		await client.activate(example.id);
		const { webhookId } = nodeOf(await client.workflow(example.id), 'Form');
		const address = `${n8n.url}/form/${webhookId}`;
		expect(await readForm(client, address)).toContain('Bring a picture to life');
		const { formWaitingUrl } = await submitForm(client, address, entries);
		const page = new URL(required(formWaitingUrl, 'address of the page that waits'));
		const state = new URL(page);
		state.pathname += '/n8n-execution-status';
		// The page asks for this now and then, and moves on when it hears it.
		await until(async () => (await readForm(client, state.href)) === 'form-waiting');
		return await readForm(client, page.href);
	}

	it.concurrent.each([
		['alone', [], 0],
		['with a voice', [voice], 1],
	])(
		'shows the video of a picture %s on the page of the form',
		withScene(async (scene, _name, more: File[], voices: number) => {
			const page = await send(scene, [picture, 'She smiles', ...more]);
			const [{ taskId, usd, request }] = scene.apixo.ledger();
			expect(page).toContain(`src="${scene.apixo.origin}/files/${taskId}.mp4"`);
			expect(usd).toBeCloseTo(0.25);
			const { prompt, image_urls: images = [], audio_urls: sounds = [] } = request.input;
			expect([prompt, images.length, sounds.length]).toEqual(['She smiles', 1, voices]);
			// As APIXO does, without a login.
			const fetched = await fetch(images[0]);
			expect(Buffer.from(await fetched.arrayBuffer())).toEqual(mediaFile('picture.png'));
		}, SOON),
	);

	it.concurrent(
		'says on the page why there is no video',
		withScene(async (scene) => {
			const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
			scene.apixo.misbehave({ on: 'submit', do: { fail } });
			expect(await send(scene, [picture, 'She smiles'])).toContain('Not for children');
		}, SOON),
	);
});

describe('example 4, submit now and review later', () => {
	const ORDER = ['A lighthouse', 'A lighthouse lamp turns while waves roll in'];

	/** Orders a video in the form. @returns the executions that the trigger has started since */
	async function order(scene: Scene) {
		const { n8n, client, apixo, until } = scene;
		const example = await importExample(scene, '4', (workflow) => {
			const { webhookId } = nodeOf(workflow, 'Wan Video Trigger');
			const callbackUrl = `${n8n.url}/webhook/${webhookId}/wan-video`;
			nodeOf(workflow, 'Submit').parameters.callbackUrl = callbackUrl;
			sendFormAddress(scene, workflow, 'Review');
		});
		await client.activate(example.id);
		const address = `${n8n.url}/form/${nodeOf(await client.workflow(example.id), 'Order').webhookId}`;
		expect(await readForm(client, address)).toContain('Thank you. Your video is being made.');
		await submitForm(client, address, ORDER);
		expect(spent(scene)).toBeCloseTo(example.cost);
		const [{ taskId }] = apixo.tasks();
		const reviewing = async () => {
			const list = await client.executions({ workflowId: example.id });
			return list.find(({ id }) => id !== list.at(-1)?.id);
		};
		return {
			taskId,
			async reported(status: 'waiting' | 'success') {
				await until(async () => (await reviewing())?.status === status);
				return required(await reviewing(), 'execution of the trigger').id;
			},
		};
	}

	async function review(scene: Scene, decision: string) {
		const { client, apixo } = scene;
		const { taskId, reported } = await order(scene);
		apixo.finish(taskId);
		const id = await reported('waiting');
		const page = await readForm(client, sentAddress(scene));
		expect(page).toContain('A lighthouse');
		expect(page).toContain(`<source src="${apixo.origin}/files/${taskId}.mp4"`);
		await submitForm(client, sentAddress(scene), [undefined, decision]);
		const execution = await client.waitForExecution(id);
		expect(execution.status).toBe('success');
		return execution;
	}

	it.concurrent(
		'gives the file on when somebody has watched it and agrees',
		withScene(async (scene) => {
			const execution = await review(scene, 'Publish');
			const [item] = outputItems(execution, 'Publish');
			expect(fileOf(item).fileName).toBe('A lighthouse.mp4');
			const video = await contentOf(scene.client, fileOf(item));
			expect(video.toString('latin1', 4, 8)).toBe('ftyp');
			expect(scene.apixo.ledger()).toHaveLength(1);
		}, UNFINISHED),
	);

	it.concurrent(
		'publishes nothing when somebody does not agree',
		withScene(async (scene) => {
			const execution = await review(scene, 'Do not publish');
			expect(jsonOf(execution, 'Not Published')).toHaveLength(1);
			expect(jsonOf(execution, 'Publish')).toEqual([]);
		}, UNFINISHED),
	);

	it.concurrent(
		'tells why there is no video, and to which order it belongs',
		withScene(async (scene) => {
			const { taskId, reported } = await order(scene);
			const failed = { state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' } as const;
			scene.apixo.finish(taskId, failed);
			const execution = await scene.client.execution(await reported('success'));
			const [told] = jsonOf(execution, 'Tell What Happened');
			expect(told).toMatchObject({
				taskId,
				failMsg: 'Not for children',
				context: { title: ORDER[0] },
			});
			expect(told.hint).toBeTruthy();
			expect(scene.visits('form')).toEqual([]);
		}, UNFINISHED),
	);
});

describe('example 5, approval before spending', () => {
	async function decide(scene: Scene, decision: string) {
		const { client, apixo } = scene;
		const example = await importExample(scene, '5', (workflow) =>
			sendFormAddress(scene, workflow, 'Ask'),
		);
		const run = await example.run();
		await run.parked();
		expect(apixo.ledger()).toEqual([]);
		const page = await readForm(client, sentAddress(scene));
		expect(page).toContain('It costs about $1.20: 8 seconds in 1080p.');
		await submitForm(client, sentAddress(scene), [decision]);
		const execution = await run.final();
		expect(execution.status).toBe('success');
		return { example, execution };
	}

	it.concurrent(
		'asks, and generates when somebody agrees',
		withScene(async (scene) => {
			const { example, execution } = await decide(scene, 'Generate');
			expect(jsonOf(execution, 'Generate')).toMatchObject([{ state: 'success' }]);
			expect(spent(scene)).toBeCloseTo(example.cost);
		}, SOON),
	);

	it.concurrent(
		'spends nothing when somebody does not',
		withScene(async (scene) => {
			await decide(scene, 'Do not generate');
			expect(scene.apixo.ledger()).toEqual([]);
		}, SOON),
	);

	it.concurrent(
		'does not ask for what is within the limit',
		withScene(async (scene) => {
			const example = await importExample(scene, '5', (workflow) => {
				const { assignments: fields } = nodeOf(workflow, 'Request').parameters;
				if (!isAssignmentCollectionValue(fields)) throw new Error('Request assigns no fields');
				const limit = fields.assignments.find(({ name }) => name === 'freeUpToUsd');
				required(limit, 'freeUpToUsd').value = 2;
			});
			const execution = await (await example.run()).final();
			expect(jsonOf(execution, 'Generate')).toMatchObject([{ state: 'success' }]);
			expect(jsonOf(execution, 'Ask')).toEqual([]);
		}, SOON),
	);
});

describe('example 7, an AI agent that asks first', () => {
	const { tool, arguments: toolParameters } = GENERATE;
	/** What n8n asks of the model for a tool that somebody has to approve. */
	const GATED = { tool, arguments: { toolParameters, hitlParameters: {} } };

	interface Question {
		text: string;
		buttons: Array<{ text: string; link: string }>;
	}

	/** Waits until a node shows something in the chat: a text, or one with buttons. */
	async function shownBy({ until }: Scene, { run }: OpenChat, name: string) {
		const record = async () => (await run.now()).data.resultData.runData[name]?.at(-1)?.data;
		await until(async () => (await record()) !== undefined);
		const { main, ai_tool: asTool } = required(await record(), name);
		return required((asTool ?? main)[0], 'message')[0].sendMessage;
	}

	async function questionIn(scene: Scene, chat: OpenChat): Promise<Question> {
		const question = await shownBy(scene, chat, 'Ask First');
		if (typeof question !== 'object') throw new Error(`No question: ${question}`);
		return question;
	}

	/** Reads the question and clicks one of its buttons. @returns what the agent says then */
	async function answer(scene: Scene, chat: OpenChat, label: string) {
		const { text, buttons } = await questionIn(scene, chat);
		await chat.run.parked();
		expect(text).toContain('A paper boat in the rain\n\n4 seconds in 1080p');
		expect(scene.apixo.ledger()).toEqual([]);
		const { link } = required(
			buttons.find((button) => button.text === label),
			label,
		);
		// n8n takes what does not look like a browser for a preview of the message.
		const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' };
		expect((await scene.client.http.get(link, { headers })).status).toBe(200);
		// Now it waits for the chat's page to take the message.
		return await shownBy(scene, chat, 'Answer');
	}

	const talk = async (scene: Scene, label: string) =>
		await inChat(
			scene,
			[GATED],
			() => {},
			async (chat) => await answer(scene, chat, label),
		);

	it.concurrent(
		'makes the video when somebody agrees',
		withScene(async (scene) => {
			const said = await talk(scene, 'Make it');
			const [{ taskId, request }, ...more] = scene.apixo.ledger();
			expect(more).toEqual([]);
			expect(request.input).toMatchObject({ prompt: toolParameters.Prompt, duration: 4 });
			expect(said).toContain(`${scene.apixo.origin}/files/${taskId}.mp4`);
		}, SOON),
	);

	it.concurrent(
		'spends nothing when somebody does not',
		withScene(async (scene) => {
			const said = await talk(scene, 'No');
			expect(scene.apixo.ledger()).toEqual([]);
			expect(said).toContain('rejected');
		}, SOON),
	);
});
