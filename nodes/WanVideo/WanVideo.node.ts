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
import { systemClock } from '../shared/clock';
import { quote } from '../shared/values';
import { findOperation, nodeProperties, nodeSubtitle, waitingOperations } from './actions/router';
import { builderHint, waitingHint } from './descriptions/hints';
import { Run } from './run/run';
import { markStart } from './tasks/interrupted';
import { PARKED_WEBHOOKS } from './wait/parking';
import { settleThrown } from './wait/thrown';
import { wake } from './wait/wake';
import { respond } from './webhook/respond';

/**
 * Programmatic rather than declarative: one execution submits a batch of tasks, waits for all of
 * them together, and streams their videos, which declarative routing cannot express.
 */
export class WanVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Wan Video',
		name: 'wanVideo',
		icon: { light: 'file:../../icons/wanVideo.svg', dark: 'file:../../icons/wanVideo.dark.svg' },
		group: ['transform'],
		// For each call to a webhook of a node of version 1, n8n evaluates an expression: 19 ms. Of 1.2,
		// the output is clearer.
		version: [1, 1.1, 1.2],
		defaultVersion: 1.2,
		subtitle: nodeSubtitle,
		description: 'Generate videos from text, images or references with Wan 2.6 on APIXO',
		defaults: { name: 'Wan Video' },
		usableAsTool: true,
		builderHint,
		hints: [waitingHint(waitingOperations)],
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'apixoApi',
				required: true,
				displayOptions: { hide: { operation: ['estimateCost'] } },
			},
		],
		webhooks: PARKED_WEBHOOKS,
		waitingNodeTooltip:
			'Waiting for APIXO. You may close this window: the workflow goes on by itself.',
		properties: nodeProperties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		markStart(this);
		const run = new Run(this, systemClock);
		const items = await settleThrown(run, async () => {
			const resource = this.getNodeParameter('resource', 0);
			const name = this.getNodeParameter('operation', 0);
			const operation = findOperation(resource, name);
			if (operation !== undefined) return await operation.execute(run);
			throw new NodeOperationError(
				this.getNode(),
				`Wan Video has no operation ${quote(name)} of the resource ${quote(resource)}`,
				{ description: 'Choose Resource and Operation from their lists. Nothing was submitted.' },
			);
		});
		return [items];
	}

	/** Called by APIXO while the execution is parked. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await respond(this, async () => await wake(this, systemClock));
	}
}
