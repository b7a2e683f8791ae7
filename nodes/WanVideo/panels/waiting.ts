import type { INodeProperties } from 'n8n-workflow';
import { LIMITS, MODES } from '../wan/modes';

const { firstPollSeconds: commonFirstPoll } = MODES['text-to-video'];
const { pollIntervalSeconds } = LIMITS;
const { firstPollSeconds: referenceFirstPoll } = MODES['reference-to-video'];

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

export const taskId: INodeProperties = {
	displayName: 'Task ID',
	name: 'taskId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. task_12345678',
	description: 'The ID that Submit or Generate gave, also named in every message about the task',
};

/** Every option there is; operations pick theirs by name. */
const OPTIONS = {
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
		typeOptions: { minValue: 0 },
		default: commonFirstPoll,
		description: `How long after the submission to look at a task for the first time. If not set: ${commonFirstPoll} seconds, in the reference modes ${referenceFirstPoll}, as APIXO recommends.`,
	},
	maxCost: {
		displayName: 'Max Cost (USD)',
		name: 'maxCost',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 4 },
		default: 1,
		description:
			'Spending limit for all items of this run together. If the estimate is above it, nothing is submitted.',
	},
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
		typeOptions: { minValue: 1 },
		default: pollIntervalSeconds,
		description: 'How long to wait between two looks at a task, at least 1',
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
		typeOptions: { minValue: 0 },
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
