import fs from 'node:fs';
import path from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { GENERATE, chat } from '../support/n8n/chat.mts';
import { spellingsOf, searchFiles } from './support/key-search.mts';
import { type Scene, openScene } from '../support/n8n/scene.mts';
import { type Stage, openStage } from '../support/n8n/stage.mts';
import { listen, submitTo } from '../support/n8n/trigger.mts';
import type { Run } from '../support/n8n/run.mts';
import { type NodeSettings, items, wanVideo } from '../support/n8n/workflows.mts';

/** With characters that URLs, JSON and base64 spell otherwise, so that each spelling is its own. */
const KEY = 'sk-apixo+Zq7/"9f%3D\\4e~wX2?b';
const WRONG_KEY = `${KEY}-wrong`;

const QUICK = { firstPollDelay: 0, pollInterval: 1 };

let stage: Stage;
let scene: Scene;

beforeAll(async () => {
	const env = { N8N_LOG_LEVEL: 'debug', N8N_LOG_OUTPUT: 'console,file', NODE_ENV: 'production' };
	stage = await openStage({ env });
	const keys = { [KEY]: { balanceUsd: 1000 } };
	scene = await openScene(stage, { keys, generationMs: 300, apiKey: KEY });
});
afterAll(async () => {
	await scene?.apixo.close();
	await stage?.close();
});

/** Runs the node on one item. */
const node = async (parameters: INodeParameters, settings: NodeSettings = {}) =>
	await scene.start([
		scene.startNode(false),
		items([{ prompt: 'prompt 1' }]),
		wanVideo({ options: QUICK, ...parameters }, { credentials: scene.credentials, ...settings }),
	]);
const ended = async (run: Run) => await run.final().catch(() => run.now());

/** What users do, and what goes wrong for them; each gives what the editor is told of it. */
const SCENARIOS: Record<string, () => Promise<unknown>> = {
	'polling, with the video': async () => await ended(await node({ download: true })),
	'callback wait': async () => await ended(await node({ waitFor: 'callback' })),
	'trigger, which resumes no execution': async () => {
		const trigger = await listen(scene, { options: { simplify: false }, download: true });
		await ended(await submitTo(scene, trigger.url, { context: '{"row": 7}' }));
		return await trigger.runs(1);
	},
	balance: async () => await ended(await node({ resource: 'account', operation: 'getBalance' })),
	'a wrong key': async () => {
		const data = { apiKey: WRONG_KEY, baseUrl: scene.apixo.baseUrl };
		const { id, name } = await scene.client.createCredential({
			name: 'Wrong',
			type: 'apixoApi',
			data,
		});
		const test = await scene.client.testCredential({ name: 'Test', type: 'apixoApi', data });
		expect(test.status).toBe('Error');
		return [test, await ended(await node({}, { credentials: { apixoApi: { id, name } } }))];
	},
	'an error that quotes the key': async () => {
		const message = `Bad header: Bearer ${KEY} ${encodeURIComponent(KEY)}`;
		scene.apixo.misbehave({ on: 'submit', times: 1, do: { code: 403, message } });
		return await ended(await node({}));
	},
	'a failed task that quotes the key': async () => {
		const fail = { failCode: KEY, failMsg: `Bearer ${KEY}` };
		scene.apixo.misbehave({ on: 'submit', times: 1, do: { fail } });
		return await ended(await node({}, { onError: 'continueRegularOutput' }));
	},
	'a result that quotes the key': async () => {
		const url = `${scene.apixo.origin}/files/sample.mp4?key=${encodeURIComponent(KEY)}`;
		const resultJson = JSON.stringify({ resultUrls: [url], debug: encodeURIComponent(KEY) });
		scene.apixo.misbehave({ on: 'submit', times: 1, do: { resultJson } });
		return await ended(await node({ download: true, options: { ...QUICK, simplify: false } }));
	},
	'a retry': async () => {
		scene.apixo.misbehave({ on: 'submit', times: 1, do: { fail: {} } });
		const { id } = await ended(await node({}));
		return await scene.client.retry(id);
	},
	'a stop': async () => {
		scene.apixo.setGeneration(Infinity);
		const run = await node({});
		await scene.until(() => scene.apixo.tasks().some(({ state }) => state === 'pending'));
		await scene.client.stop(run.id);
		scene.apixo.setGeneration(300);
		return await run.now();
	},
	'APIXO out of reach': async () => {
		scene.apixo.misbehave({ on: 'submit', times: 1, do: { reset: true } });
		return await ended(await node({}));
	},
	'an AI agent': async () => {
		const quick = (parameters: INodeParameters) => {
			parameters.options = { ...Object(parameters.options), ...QUICK };
		};
		const { execution, model } = await chat(scene, [GENERATE], quick);
		return [execution, model.requests()];
	},
};

test.each(Object.keys(SCENARIOS))('%s: the editor is told no key', async (name) => {
	const told = JSON.stringify(await SCENARIOS[name]());
	expect(told.length).toBeGreaterThan(100);
	const found = Object.entries(spellingsOf(KEY)).filter(([, texts]) =>
		texts.some((text) => told.includes(text)),
	);
	expect(found).toEqual([]);
});

test('afterwards the key is nowhere in what n8n keeps, nor in what APIXO is told beside the header', async () => {
	const callbackUrls = scene.apixo.tasks().flatMap(({ callbackUrl }) => callbackUrl ?? []);
	expect(callbackUrls.length).toBeGreaterThanOrEqual(2);
	const sent = scene.apixo.requests().map(({ path: at, query, body, kind, authorization }) => {
		if (kind === 'file') expect(authorization).toBeUndefined();
		return { at, query: kind === 'file' ? undefined : query, body };
	});
	for (const texts of Object.values(spellingsOf(KEY))) {
		for (const text of texts) expect(JSON.stringify([sent, callbackUrls])).not.toContain(text);
	}

	// So that the database holds all that is in its write-ahead log.
	await stage.n8n.stop();
	const home = stage.n8n.userFolder;
	const { found, files, bytes } = searchFiles(home, KEY);
	expect(found).toEqual([]);
	expect(files).toBeGreaterThan(5);
	const names = fs.readdirSync(path.join(home, '.n8n'), { recursive: true }).join('\n');
	for (const kept of ['database.sqlite', 'n8nEventLog', 'binary_data', 'n8n.log']) {
		expect(names).toContain(kept);
	}
	process.stdout.write(`Searched ${files} files, ${(bytes / 1e6).toFixed(1)} MB\n`);
});

/** The key as it would stand in a file, among other things. */
const PLANTED = {
	...spellingsOf(KEY),
	base64: ['', 'u', 'us'].map((user) => Buffer.from(`${user}${KEY}:x`).toString('base64')),
	base64url: ['', 'u', 'us'].map((user) => Buffer.from(`${user}${KEY}:x`).toString('base64url')),
};

test.each(Object.entries(PLANTED))('the search would have found it: %s', (name, texts) => {
	const home = stage.n8n.userFolder;
	const planted = path.join(home, '.n8n', 'planted.bin');
	for (const text of texts) {
		fs.writeFileSync(planted, Buffer.from(`before ${text} after`, 'latin1'));
		expect(searchFiles(home, KEY).found).toContain(
			`${name} in ${path.join('.n8n', 'planted.bin')}`,
		);
	}
	fs.rmSync(planted);
});
