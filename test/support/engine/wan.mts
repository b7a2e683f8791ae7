/** The node under test, in a workflow of its own, against an emulator of its own. */

import assert from 'node:assert';
import { startEmulator } from '../../../emulator/index.mts';
import * as harness from './index.mts';
import type { RunResult } from './result.mts';

const NODE = 'n8n-nodes-apixo.wanVideo';

/** Secret enough that finding it anywhere in a record can be no accident. */
export const API_KEY = 'sk-apixo-7f3c9e51d2';

/** As quick as the panel allows. */
const QUICK = { firstPollDelay: 0, pollInterval: 1 };

/** Fields of each mode beyond the prompt, with which its request is valid. */
export const MEDIA = {
	'text-to-video': {},
	'image-to-video-flash': { imageUrl: 'https://example.com/hero.png' },
	'image-to-video': { imageUrl: 'https://example.com/hero.png' },
	'reference-to-video-flash': { references: { reference: [{ url: 'https://example.com/a.png' }] } },
	'reference-to-video': { references: { reference: [{ url: 'https://example.com/a.png' }] } },
};

export const MODES = Object.keys(MEDIA);

const credential = { apixoApi: { id: '1', name: 'APIXO' } };

function nodeSettings({ options, ...parameters }, settings) {
	const isWaiting = ['generate', 'wait', undefined].includes(parameters.operation);
	const waiting = isWaiting ? { options: { ...QUICK, ...options } } : { options: options ?? {} };
	return {
		type: NODE,
		parameters: { prompt: 'a fox', ...parameters, ...waiting },
		credentials: credential,
		...settings,
	};
}

const withoutKey = (result) => {
	assert(!result.record.includes(API_KEY), 'The API key is in the record of the run');
	return result;
};

/**
 * One emulator, and the node pointed at it. Every run is checked for the API key in its record.
 */
interface Scene {
	apixo: Awaited<ReturnType<typeof startEmulator>>;
	/** a workflow around the node, as options for the harness; `settings` are the node's: onError, retryOnFail … */
	plan: (
		parameters?: object,
		more?: { items?: object[]; apiKey?: string; baseUrl?: string; settings?: object },
	) => object;
	run: (parameters?: object, more?: object) => Promise<RunResult>;
	start: (plan: object) => { cancel: () => void; result: Promise<object> };
	/** n8n's Retry; `plan.workflow` is "the current workflow", without it the original one is used */
	retry: (result: object, plan: object) => Promise<object>;
	/** n8n's Retry of an execution that was killed together with n8n while the node ran */
	retryKilled: (plan: object) => Promise<object>;
}
function makeScene(apixo) {
	const plan = (parameters = {}, more = {}) => {
		const { items = [{}], apiKey = API_KEY, baseUrl = apixo.baseUrl, settings, ...run } = more;
		return {
			workflow: harness.itemsInto(items, nodeSettings(parameters, settings)),
			credentials: { apixoApi: { apiKey, baseUrl } },
			...run,
		};
	};
	const checked = async (result) => withoutKey(await result);
	return {
		apixo,
		plan,
		run: async (parameters, more) => await checked(harness.runWorkflow(plan(parameters, more))),
		start(options) {
			const { cancel, result } = harness.startWorkflow(options);
			return { cancel, result: checked(result) };
		},
		retry: async (result, options) => await checked(harness.retryWorkflow(result, options)),
		retryKilled: async (options) => await checked(harness.retryKilledWorkflow(options)),
		/** The node as the tool of an agent of either kind. */
		async runAsTool(kind, toolArguments, parameters, settings) {
			const { type, ...node } = nodeSettings(parameters, settings);
			return await checked(
				harness.runWorkflow({
					...plan(),
					workflow: harness.agentWith(kind, toolArguments, { type: `${type}Tool`, ...node }),
				}),
			);
		},
		/** Bodies of what was submitted and paid for, in order. */
		charged: () => apixo.ledger().map(({ request }) => request),
	};
}

/**
 * Wraps the body of a test, so that tests can run at the same time.
 *
 * @param settings of the emulator; tasks are final at once unless `generationMs` says otherwise
 */
export const scene =
	(body: (scene: Scene, ...row: unknown[]) => Promise<void>, settings?: object) =>
	async (...row) => {
		const keys = { [API_KEY]: { balanceUsd: 100 } };
		const apixo = await startEmulator({ port: 0, keys, generationMs: 0, ...settings });
		try {
			await body(makeScene(apixo), ...row);
		} finally {
			await apixo.close();
		}
	};

/** What a failed item tells, wherever On Error put it. */
export const toldBy = ({ error, details }) => [error, ...Object.values(details ?? {})].join('\n');
