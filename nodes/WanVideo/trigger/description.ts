import type { INodeProperties, TriggerPanelDefinition } from 'n8n-workflow';
import { download } from '../descriptions/download';
import { maxFileSize, simplify } from '../descriptions/options';

export const triggerProperties: INodeProperties[] = [
	{
		displayName:
			'Unfold <b>Webhook URLs</b> above and put the Production URL into <b>Callback URL</b> of a Wan Video node (operation <b>Submit</b>, Delivery <b>Callback</b>) that uses the same credential.',
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
			{ name: 'Video Failed', value: 'failed', description: 'A task failed at APIXO' },
			{ name: 'Video Finished', value: 'success', description: 'A video can be fetched' },
		],
		default: ['success', 'failed'],
		description: 'Which outcomes start the workflow',
	},
	{
		displayName:
			'Videos that fail start nothing, so you would only notice that one is missing. To hear of them, add <b>Video Failed</b>.',
		name: 'failuresNotice',
		type: 'notice',
		default: '',
		displayOptions: { hide: { events: ['failed'] } },
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
			{ ...maxFileSize, displayOptions: { show: { '/download': [true] } } },
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
			simplify,
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

const EACH_TASK =
	'each task that was submitted with the <b>Production URL</b> starts the workflow when it is finished. Such runs are in the list of executions, not here.';

/** What the panel tells beside the button for a test event. */
export const triggerTestPanel: TriggerPanelDefinition = {
	header: 'Receive a finished video',
	executionsHelp: {
		inactive: `<b>To try it:</b> click <b>Execute step</b>, then submit a task with the <b>Test URL</b> as its Callback URL.<br><br><b>To use it:</b> publish the workflow. From then on, ${EACH_TASK}`,
		active: `<b>To try it:</b> click <b>Execute step</b>, then submit a task with the <b>Test URL</b> as its Callback URL.<br><br><b>The workflow is published:</b> ${EACH_TASK}`,
	},
	activationHint:
		'Publish the workflow, then submit tasks with the <b>Production URL</b> as their Callback URL',
};
