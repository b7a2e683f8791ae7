import type { INodeProperties } from 'n8n-workflow';
import {
	DEFAULT_MAX_FILE_MEGABYTES,
	LIMITS,
	LONGEST_PAUSE_SECONDS,
	LONGEST_TIMEOUT_MINUTES,
	MODES,
} from '../wan/modes';

const { firstPollSeconds: commonFirstPoll } = MODES['text-to-video'];
const { pollIntervalSeconds } = LIMITS;
const { firstPollSeconds: referenceFirstPoll } = MODES['reference-to-video'];

export const waitFor: INodeProperties = {
	displayName: 'Wait For Result By',
	name: 'waitFor',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Polling',
			value: 'polling',
			description: 'Asks APIXO from time to time while the execution runs. Works everywhere.',
		},
		{
			name: 'Callback',
			value: 'callback',
			description:
				'Parks the execution in the database until APIXO reports that all videos are finished. APIXO must be able to reach this n8n.',
		},
	],
	default: 'polling',
	description: 'How the node learns that a video is finished',
};

export const download: INodeProperties[] = [
	{
		displayName: 'Download Video',
		name: 'download',
		type: 'boolean',
		default: false,
		description: 'Whether to put the video file into the output, for nodes that save or send it',
	},
	{
		displayName: 'Output Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		description:
			'Name of the field that the video file is put into. A second video of the same task goes to the name with _1 behind it, and so on.',
		displayOptions: { show: { download: [true] } },
	},
];

export const delivery: INodeProperties[] = [
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Callback',
				value: 'callback',
				description: 'APIXO calls a Wan Video Trigger when the task is finished',
			},
			{
				name: 'None',
				value: 'none',
				description: 'Fetch the video later with Wait or Get and the task ID',
			},
		],
		default: 'none',
		description: 'How the result is reported',
	},
	{
		displayName: 'Callback URL',
		name: 'callbackUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://n8n.example.com/webhook/…',
		description:
			'The Production URL of a Wan Video Trigger with the same credential, or any public https:// address',
		displayOptions: { show: { delivery: ['callback'] } },
	},
];

export const maxFileSize: INodeProperties = {
	displayName: 'Max File Size (MB)',
	name: 'maxFileSize',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: DEFAULT_MAX_FILE_MEGABYTES,
	description: 'A video file that is larger is not downloaded; its URL is in the message',
};

export const taskId: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. task_12345678',
	description: 'The ID that Submit or Generate gave, also named in every message about the task',
};

const reportedByCallback = { show: { '/delivery': ['callback'] } };

/** Every option there is; operations pick theirs by name. */
const OPTIONS = {
	context: {
		displayName: 'Context (JSON)',
		name: 'context',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"row": 7}',
		description:
			'What the trigger gives back together with the video. It travels in the callback URL, signed but readable, so keep it short.',
		displayOptions: reportedByCallback,
	},
	fileName: {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. fox.mp4',
		description: 'Name of the downloaded file; the task ID if empty',
	},
	firstPollDelay: {
		displayName: 'First Poll Delay (Seconds)',
		name: 'firstPollDelay',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: LONGEST_PAUSE_SECONDS },
		default: commonFirstPoll,
		description: `How long after the submission to look at a task for the first time. If not set: ${commonFirstPoll} seconds, in the reference modes ${referenceFirstPoll}, as APIXO recommends, and by experience once similar tasks have finished.`,
	},
	maxCost: {
		displayName: 'Max Cost (USD)',
		name: 'maxCost',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1,
		description:
			'Spending limit for all items of this run together. If the estimate is above it, nothing is submitted.',
	},
	maxFileSize,
	maxParallelTasks: {
		displayName: 'Max Parallel Tasks',
		name: 'maxParallelTasks',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'How many tasks of this run may be under way at once',
	},
	pollInterval: {
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: LONGEST_PAUSE_SECONDS },
		default: pollIntervalSeconds,
		description: `How long to wait between two looks at a task, at least 1. If not set: ${pollIntervalSeconds} seconds, as APIXO recommends, and by experience once similar tasks have finished.`,
	},
	resumeExecution: {
		displayName: 'Resume Execution',
		name: 'resumeExecution',
		type: 'boolean',
		default: false,
		description:
			'Whether the trigger also wakes the Wait node that follows in this workflow (set to resume On Webhook Call) with the finished task',
		displayOptions: reportedByCallback,
	},
	simplify: {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	timeout: {
		displayName: 'Timeout (Minutes)',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: LONGEST_TIMEOUT_MINUTES },
		default: 20,
		description:
			'How long to wait for each task. A task that takes longer stays paid and goes on; its ID is in the message.',
	},
} satisfies Record<string, INodeProperties>;

export type OptionName = keyof typeof OPTIONS;

/** The Options collection with the named options, which come in alphabetical order. */
export const options = (...names: OptionName[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: names.map((name) => OPTIONS[name]),
});
