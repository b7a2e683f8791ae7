import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** Ways to wait, the default first. */
export const WAYS = ['polling', 'parked', 'callback'] as const;

export type Way = (typeof WAYS)[number];

/** Ways to wait for a task that was submitted elsewhere. */
export const WAYS_FOR_KNOWN_TASKS = ['polling', 'parked'] as const;

const WAY_OPTIONS: Record<Way, Omit<INodePropertyOptions, 'value'>> = {
	polling: {
		name: 'Polling',
		description: 'Asks APIXO from time to time while the execution runs. Works everywhere.',
	},
	parked: {
		name: 'Parked Polling',
		description:
			'Parks the execution in the database and asks APIXO about once a minute. Takes no memory and no worker meanwhile, survives restarts, and needs no public address.',
	},
	callback: {
		name: 'Callback',
		description:
			'Parks the execution in the database until APIXO reports that all videos are finished. APIXO must be able to reach this n8n; a report that is lost costs some minutes.',
	},
};

const choiceOf = (ways: readonly Way[]): INodeProperties => ({
	displayName: 'Wait For Result By',
	name: 'waitFor',
	type: 'options',
	noDataExpression: true,
	options: ways.map((value) => ({ value, ...WAY_OPTIONS[value] })),
	default: 'polling',
	description: 'How the node learns that a video is finished',
});

export const waitFor = choiceOf(WAYS);

export const waitForKnownTask = choiceOf(WAYS_FOR_KNOWN_TASKS);
