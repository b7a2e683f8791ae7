/** The node under test, in a workflow of its own, against an emulator of its own. */

import assert from 'node:assert';
import { startEmulator } from '../../../emulator/index.mts';
import * as harness from './index.mts';
import type { GenericValue, IDataObject, INode, INodeParameters } from 'n8n-workflow';
import type { Emulator, EmulatorOptions, SubmitBody } from '../../../emulator/index.mts';
import type { TestFile } from '../files.mts';
import type { Item } from '../item.mts';
import type { ModeName } from '../model/documented.mts';
import type {
	AgentKind,
	KilledRun,
	RetryOptions,
	RunOptions,
	RunResult,
	StartedRun,
	TestedNode,
} from './index.mts';

export type { EmulatorOptions, ModeName };

const NODE = 'n8n-nodes-apixo.wanVideo';

/** Unusual enough that finding it anywhere in a record can be no accident. */
export const API_KEY = 'sk-apixo-7f3c9e51d2';

/** As quick as the panel allows. */
const QUICK = { firstPollDelay: 0, pollInterval: 1 };

/** Fields of each mode beyond the prompt, with which its request is valid. */
export const MEDIA = {
	'text-to-video': {},
	'image-to-video-flash': { imageUrl: 'https://files.example/hero.png' },
	'image-to-video': { imageUrl: 'https://files.example/hero.png' },
	'reference-to-video-flash': {
		references: { reference: [{ url: 'https://files.example/a.png' }] },
	},
	'reference-to-video': { references: { reference: [{ url: 'https://files.example/a.png' }] } },
} satisfies Record<ModeName, INodeParameters>;

export const MODES = Object.keys(MEDIA) as ModeName[];

const credential = { apixoApi: { id: '1', name: 'APIXO' } };

/** The node's panel; what is left out has the node's defaults. */
export interface PanelParameters extends INodeParameters {
	options?: INodeParameters;
}

/** How the node is set beside its panel: onError, retryOnFail … */
export type NodeSettings = Partial<Omit<INode, 'parameters' | 'type'>>;

export interface PlanOptions extends Omit<RunOptions, 'workflow' | 'credentials'> {
	/** json of the input items; default: one that is empty */
	items?: object[];
	/** files of the input items, by field */
	files?: Array<Record<string, TestFile>>;
	/** default: a key with 100 USD */
	apiKey?: GenericValue;
	/** default: the emulator's */
	baseUrl?: GenericValue;
	settings?: NodeSettings;
}

export interface WanPlan extends RunOptions {
	credentials: { apixoApi: IDataObject };
}

/** One emulator, and the node pointed at it. Every run is checked for the API key in its record. */
export interface Scene {
	apixo: Emulator;
	/** a workflow around the node, as options for the harness */
	plan: (parameters?: PanelParameters, more?: PlanOptions) => WanPlan;
	run: (parameters?: PanelParameters, more?: PlanOptions) => Promise<RunResult>;
	start: (plan: RunOptions) => StartedRun;
	/** n8n's Retry */
	retry: (result: RunResult, plan: RetryOptions) => Promise<RunResult>;
	/** n8n's Retry of an execution that was killed together with n8n while the node ran */
	retryKilled: (plan: RunOptions, killed?: KilledRun) => Promise<RunResult>;
	/** the node as the tool of an agent */
	runAsTool: (
		kind: AgentKind,
		toolArguments: INodeParameters,
		parameters: PanelParameters,
		settings?: NodeSettings,
	) => Promise<RunResult>;
	/** bodies of what was submitted and paid for, in order */
	charged: () => SubmitBody[];
}

function nodeSettings(
	{ options, ...parameters }: PanelParameters,
	settings?: NodeSettings,
): TestedNode & { parameters: INodeParameters } {
	const { operation = 'generate' } = parameters;
	const isWaiting = operation === 'generate' || operation === 'wait';
	return {
		type: NODE,
		parameters: {
			prompt: 'a fox',
			...parameters,
			options: { ...(isWaiting && QUICK), ...options },
		},
		credentials: credential,
		...settings,
	};
}

async function withoutKey(running: Promise<RunResult>): Promise<RunResult> {
	const result = await running;
	assert(!result.record.includes(API_KEY), 'The API key is in the record of the run');
	return result;
}

function makeScene(apixo: Emulator): Scene {
	const plan: Scene['plan'] = (parameters = {}, more = {}) => {
		const { apiKey = API_KEY, baseUrl = apixo.baseUrl, settings, ...others } = more;
		const { items = [{}], files, ...run } = others;
		return {
			// Executions of two tests may begin in the same millisecond.
			workflow: {
				...harness.itemsInto(items, nodeSettings(parameters, settings), files),
				id: apixo.origin,
			},
			credentials: { apixoApi: { apiKey, baseUrl } },
			...run,
		};
	};
	return {
		apixo,
		plan,
		run: async (parameters, more) => await withoutKey(harness.runWorkflow(plan(parameters, more))),
		start(options) {
			const started = harness.startWorkflow(options);
			return { ...started, result: withoutKey(started.result) };
		},
		retry: async (result, options) => await withoutKey(harness.retryWorkflow(result, options)),
		retryKilled: async (options, killed = {}) =>
			await withoutKey(harness.retryKilledWorkflow(options, killed)),
		async runAsTool(kind, toolArguments, parameters, settings) {
			const { type, ...node } = nodeSettings(parameters, settings);
			const workflow = harness.agentWith(kind, toolArguments, { type: `${type}Tool`, ...node });
			return await withoutKey(harness.runWorkflow({ ...plan(), workflow }));
		},
		charged: () => apixo.ledger().map(({ request }) => request),
	};
}

/**
 * Wraps the body of a test, so that tests can run at the same time.
 *
 * @param settings of the emulator; tasks are final at once unless `generationMs` says otherwise
 * @returns takes the row of the test's table, if it has one
 */
export const scene =
	<Row extends unknown[]>(
		body: (scene: Scene, ...row: Row) => Promise<void>,
		settings?: EmulatorOptions,
	) =>
	async (...row: Row): Promise<void> => {
		const keys = { [API_KEY]: { balanceUsd: 100 } };
		const apixo = await startEmulator({ port: 0, keys, generationMs: 0, ...settings });
		try {
			await body(makeScene(apixo), ...row);
		} finally {
			await apixo.close();
		}
	};

/** What a failed item tells, wherever On Error put it. */
export const toldBy = ({ error, details }: Pick<Item, 'error' | 'details'>): string =>
	[error, ...Object.values(details ?? {})].join('\n');
