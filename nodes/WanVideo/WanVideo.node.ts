import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { operationFields, operationFor } from './actions/resources';
import { resumeParked } from './actions/video/callbackResume';
import { markBeginning } from './waiting/killed';
import { PARKED_WEBHOOK } from './waiting/parking';
import { shown } from './wan/values';

/**
 * Programmatic rather than declarative: one execution submits a batch of tasks, waits for all of
 * them together, and streams their videos, which declarative routing cannot express.
 */
export class WanVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video',
		name: 'wanVideo',
		icon: { light: 'file:wanVideo.svg', dark: 'file:wanVideo.dark.svg' },
		group: ['transform'],
		// For each call to a webhook of a node of version 1, n8n evaluates an expression: 19 ms.
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle:
			'={{ $parameter["operation"] + ": " + ($parameter["mode"] || $parameter["resource"]) }}',
		description: 'Generate videos from text, images or references with Wan 2.6 on APIXO',
		defaults: { name: 'Wan Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'apixoApi',
				required: true,
				displayOptions: { hide: { operation: ['estimateCost'] } },
			},
		],
		webhooks: PARKED_WEBHOOK,
		waitingNodeTooltip:
			'Parked until APIXO reports that the videos are finished, or until the timeout',
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Video', value: 'video' },
				],
				default: 'video',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['video'] } },
				options: [
					{
						name: 'Estimate Cost',
						value: 'estimateCost',
						action: 'Estimate the cost of a video',
						description: 'Tell what a video would cost, without any request to APIXO',
					},
					{
						name: 'Generate',
						value: 'generate',
						action: 'Generate a video',
						description: 'Submit a task, wait until it is finished, and return the video',
					},
					{
						name: 'Get',
						value: 'get',
						action: 'Get a video task',
						description: 'Look once at a task: its state, and the video if it is finished',
					},
					{
						name: 'Submit',
						value: 'submit',
						action: 'Submit a video task',
						description: 'Submit a task and return its ID at once, without waiting',
					},
					{
						name: 'Wait',
						value: 'wait',
						action: 'Wait for a video task',
						description: 'Wait until a task that was submitted before is finished',
					},
				],
				default: 'generate',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['account'] } },
				options: [
					{
						name: 'Get Balance',
						value: 'getBalance',
						action: 'Get the account balance',
						description: 'Get the remaining balance of the API key in USD',
					},
				],
				default: 'getBalance',
			},
			...operationFields,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		markBeginning(this);
		const resource = this.getNodeParameter('resource', 0);
		const operation = this.getNodeParameter('operation', 0);
		const chosen = operationFor(resource, operation);
		if (chosen !== undefined) return [await chosen.execute.call(this)];
		throw new NodeOperationError(
			this.getNode(),
			`Wan Video has no operation ${shown(operation)} of the resource ${shown(resource)}`,
			{ description: 'Choose Resource and Operation from their lists. Nothing was submitted.' },
		);
	}

	/** Called by APIXO while the execution is parked by the callback wait. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resumeParked(this);
	}
}
