import type { INodeProperties } from 'n8n-workflow';
import { download } from './waiting';

export const triggerPanel: INodeProperties[] = [
	{
		displayName:
			'Put the URL above into <b>Callback URL</b> of a Wan Video node (operation <b>Submit</b>, Delivery <b>Callback</b>) that uses the same credential.',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			{ name: 'Failed', value: 'failed', description: 'A task failed at APIXO' },
			{ name: 'Success', value: 'success', description: 'A video is finished' },
		],
		default: ['success', 'failed'],
		description: 'Which outcomes start the workflow',
	},
	...download,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Deduplicate',
				name: 'deduplicate',
				type: 'boolean',
				default: true,
				description:
					'Whether to start only once per task and outcome, although APIXO may report it several times',
			},
			{
				displayName: 'Require Signature',
				name: 'requireSignature',
				type: 'boolean',
				default: true,
				description:
					'Whether to accept only callback URLs that the Submit operation signed with the same API key',
			},
			{
				displayName: 'Resume Waiting',
				name: 'resumeWaiting',
				type: 'boolean',
				default: true,
				description:
					'Whether to wake the execution that submitted the task, if it asked for it with Resume Execution',
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
			{
				displayName: 'Verify',
				name: 'verify',
				type: 'boolean',
				default: true,
				description:
					'Whether to ask APIXO for the task and use its answer, rather than believe what was posted',
			},
		],
	},
];
