import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { systemClock } from '../shared/clock';
import { triggerProperties, triggerTestPanel } from './trigger/description';
import { handleCallback } from './trigger/handler';
import { unhandled } from './trigger/unhandled';
import { respond } from './webhook/respond';

export class WanVideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video Trigger',
		name: 'wanVideoTrigger',
		icon: { light: 'file:../../icons/wanVideo.svg', dark: 'file:../../icons/wanVideo.dark.svg' },
		group: ['trigger'],
		// For each call to a webhook of a node of version 1, n8n evaluates an expression: 19 ms. Of 1.2,
		// the output is clearer.
		version: [1, 1.1, 1.2],
		defaultVersion: 1.2,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		// n8n's search shows one entry for a trigger and its node, with the trigger's description.
		description:
			'Generate videos with Wan 2.6 on APIXO, or start the workflow when one is finished',
		eventTriggerDescription: 'Waiting for APIXO to report a finished task',
		triggerPanel: triggerTestPanel,
		activationMessage:
			'Put the Production URL of this trigger into the Callback URL of a Wan Video node (operation Submit).',
		defaults: { name: 'Wan Video Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'apixoApi', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'wan-video',
			},
		],
		properties: triggerProperties,
	};

	// APIXO is told where to report with each task, so there is nothing to register beforehand.
	webhookMethods = {
		default: {
			async checkExists(): Promise<boolean> {
				return true;
			},
			async create(): Promise<boolean> {
				return true;
			},
			async delete(): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await respond(this, async () => await handleCallback(this, systemClock));
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await unhandled(this)];
	}
}
