import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { exceptForTools } from './visibility';

/** Ways to wait, the default first. */
export const WAYS = ['polling', 'parked', 'callback'] as const;

export type Way = (typeof WAYS)[number];

/** Ways to wait for a task that was submitted elsewhere. */
export const WAYS_FOR_KNOWN_TASKS = ['polling', 'parked'] as const;

/** The list cuts descriptions after two lines, which are some 95 characters. */
const WAY_OPTIONS: Record<Way, Omit<INodePropertyOptions, 'value'>> = {
	polling: {
		name: 'Polling',
		description: 'Asks APIXO from time to time while the execution runs. Works everywhere.',
	},
	parked: {
		name: 'Parked Polling',
		description:
			'Parks the execution and asks APIXO about once a minute. Survives restarts, holds no worker.',
	},
	callback: {
		name: 'Callback',
		description:
			'Parks the execution until APIXO calls back. APIXO must be able to reach this n8n.',
	},
};

const choiceOf = (ways: readonly Way[]): INodeProperties =>
	exceptForTools({
		displayName: 'Wait For Result By',
		name: 'waitFor',
		type: 'options',
		noDataExpression: true,
		options: ways.map((value) => ({ value, ...WAY_OPTIONS[value] })),
		default: 'polling',
		description:
			'How the node learns that a video is finished. A parked execution sleeps in the database of n8n, where it takes no memory and no worker, and nothing is lost when n8n restarts.',
	});

export const waitFor = choiceOf(WAYS);

export const waitForKnownTask = choiceOf(WAYS_FOR_KNOWN_TASKS);
