import { randomUUID } from 'node:crypto';
import { required } from '../required.mts';
import { executionDataAt, startWorkflow } from './run.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';
import { callNode } from './webhook.mts';
import type { IDataObject } from 'n8n-workflow';
import type { RunResult } from './result.mts';
import type { RunOptions } from './run-options.mts';
import type { ExpressRequest, ExpressResponse, WebhookAnswer } from './webhook.mts';

/** A published workflow that starts at a webhook: its node `Tested`. */
export class ActiveWorkflow {
	/** options of its runs */
	plan: RunOptions;
	/** at which it is called */
	url: string;
	staticData: IDataObject = {};
	/** what its calls were answered with, as HTTP statuses in order */
	answers: number[] = [];
	/** results of the executions that calls started, in order */
	runs: Array<Promise<RunResult>> = [];

	constructor(plan: RunOptions, url: string) {
		// An ID of its own, because nodes may keep things apart by it.
		this.plan = { ...plan, workflow: { ...plan.workflow, id: randomUUID() } };
		this.url = url;
	}

	async call(request: ExpressRequest, response: ExpressResponse): Promise<WebhookAnswer> {
		const json = { ...this.plan.workflow, staticData: throughDatabase(this.staticData) };
		const workflow = makeWorkflow(json, typesFor(this.plan));
		const answer = await callNode(this.plan, workflow, 'Tested', { request, response });
		this.staticData = throughDatabase(workflow.staticData);
		if (answer.workflowData !== undefined) {
			const node = required(workflow.getNode('Tested'), 'node Tested');
			const executionData = executionDataAt(node, answer.workflowData);
			this.runs.push(startWorkflow({ ...this.plan, executionData }).result);
		}
		return answer;
	}
}
