import type { INodeProperties } from 'n8n-workflow';
import { POLL_INTERVAL_SECONDS, modeGroups, perMode } from '../model/modes';

/**
 * Our own limits, a month and a day: timers of Node.js that are set for longer than 24 days fire at
 * once, and n8n cannot save a date that is too far off.
 */
const MAX_TIMEOUT_MINUTES = 43_200;
const MAX_PAUSE_SECONDS = 86_400;

const [{ value: commonFirstPollSeconds }] = modeGroups(({ firstPollSeconds }) => firstPollSeconds);

/** A number in Options: what the panel shows, and how it is read. */
export interface NumberOption {
	displayName: string;
	description: string;
	/** In the unit that the title names. */
	min: number;
	max?: number;
	/** What the field holds when the option is added. */
	default: number;
	/** Left to the node, rather than `default`, where the option was not added. */
	isLeftToNode?: boolean;
	isWhole?: boolean;
	/** Converts the unit of the panel to the one that the program uses. */
	factor: number;
}

/** Every number option there is. */
export const NUMBER_OPTIONS = {
	firstPollDelay: {
		displayName: 'First Poll Delay (Seconds)',
		description: `How long after the submission to poll a task for the first time. If not set: ${perMode('seconds', ({ firstPollSeconds }) => firstPollSeconds)}, as APIXO recommends, and by experience once similar tasks have finished. Parked Polling begins after 62 seconds if not set. With Callback it is when to ask in case the callback was lost, at least 62.`,
		min: 0,
		max: MAX_PAUSE_SECONDS,
		default: commonFirstPollSeconds,
		isLeftToNode: true,
		factor: 1_000,
	},
	keepBalance: {
		displayName: 'Keep Balance Above (USD)',
		description:
			'Asks APIXO for the balance before anything is submitted. If the estimate of this run would take it below this, nothing is submitted. Holds for all workflows that use the same API key.',
		min: 0,
		default: 5,
		isLeftToNode: true,
		factor: 1,
	},
	maxCost: {
		displayName: 'Max Cost (USD)',
		description:
			'Spending limit of this node for the whole execution, with all items, rounds of a loop and calls by an agent. If the estimate goes above it, nothing more is submitted.',
		min: 0,
		default: 1,
		isLeftToNode: true,
		factor: 1,
	},
	maxFileSize: {
		displayName: 'Max File Size (MB)',
		description: 'A video file that is larger is not downloaded; its URL is in the message',
		min: 0,
		// Far above what the model makes: only an endless or wrong file meets it.
		default: 1000,
		factor: 1_000_000,
	},
	maxParallelTasks: {
		displayName: 'Max Parallel Tasks',
		description:
			'How many tasks of this run may be under way at once. By Callback: how many are submitted at a time, until all are.',
		min: 1,
		default: 50,
		isWhole: true,
		factor: 1,
	},
	pollInterval: {
		displayName: 'Poll Interval (Seconds)',
		description: `How long to wait between two polls of a task, at least 1. If not set: ${POLL_INTERVAL_SECONDS} seconds, as APIXO recommends, and by experience once similar tasks have finished. While parked, at least 62 seconds. With Callback it only matters once a callback was lost.`,
		min: 1,
		max: MAX_PAUSE_SECONDS,
		default: POLL_INTERVAL_SECONDS,
		isLeftToNode: true,
		factor: 1_000,
	},
	timeout: {
		displayName: 'Timeout (Minutes)',
		description:
			'How long to wait for each task. A task that takes longer stays paid and goes on; its ID is in the message.',
		min: 0,
		max: MAX_TIMEOUT_MINUTES,
		default: 20,
		factor: 60_000,
	},
} satisfies Record<string, NumberOption>;

export type NumberOptionName = keyof typeof NUMBER_OPTIONS;

function numberField(name: NumberOptionName): INodeProperties {
	const option: NumberOption = NUMBER_OPTIONS[name];
	const { default: fallback } = option;
	return {
		displayName: option.displayName,
		name,
		type: 'number',
		typeOptions: {
			minValue: option.min,
			...(option.max === undefined ? {} : { maxValue: option.max }),
			...(option.isWhole ? { numberPrecision: 0 } : {}),
		},
		default: fallback,
		description: option.description,
	};
}

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

export const maxFileSize = numberField('maxFileSize');

export const OTHER_OPTIONS = {
	checkMedia: {
		displayName: 'Check Media First',
		name: 'checkMedia',
		type: 'boolean',
		default: true,
		description:
			'Whether to look at the first bytes of what is at each URL before anything is paid for, and to refuse what the model does not take. What cannot be reached from here is sent as it is. Files of the item are always checked.',
	},
	context: {
		displayName: 'Context (JSON)',
		name: 'context',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"row": 7}',
		description:
			'What the trigger gives back together with the video. It travels in the callback URL, signed but readable, so keep it short.',
		displayOptions: { show: { '/delivery': ['callback'] } },
	},
	fileName: {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. fox.mp4',
		description: 'Name of the downloaded file; the task ID if empty',
	},
	resumeExecution: {
		displayName: 'Resume Execution',
		name: 'resumeExecution',
		type: 'boolean',
		default: false,
		description:
			'Whether the trigger also wakes the Wait node that follows in this workflow (set to resume On Webhook Call) with the finished task',
		displayOptions: { show: { '/delivery': ['callback'] } },
	},
	reuseInTestRuns: {
		displayName: 'Reuse In Test Runs',
		name: 'reuseInTestRuns',
		type: 'boolean',
		default: true,
		description:
			'Whether runs by hand in the editor pick up videos of the last 24 hours for items that have not changed, instead of paying again. Never in production.',
	},
	sampleInTestRuns: {
		displayName: 'Sample Video In Test Runs',
		name: 'sampleInTestRuns',
		type: 'boolean',
		default: false,
		description:
			'Whether runs by hand in the editor submit nothing and give a sample video, to build the nodes behind for free. Never in production.',
	},
	simplify,
} satisfies Record<string, INodeProperties>;

type OptionName = NumberOptionName | keyof typeof OTHER_OPTIONS;

const isNumberOption = (name: OptionName): name is NumberOptionName =>
	Object.hasOwn(NUMBER_OPTIONS, name);

/** The Options collection with the named options, which come in alphabetical order. */
export const options = (...names: OptionName[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: names.map((name) => (isNumberOption(name) ? numberField(name) : OTHER_OPTIONS[name])),
});
