import type { INodeProperties } from 'n8n-workflow';

/** Ways to wait, the default first. */
export const WAYS = ['polling', 'callback'] as const;

const [defaultWay] = WAYS;

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
	default: defaultWay,
	description: 'How the node learns that a video is finished',
};
