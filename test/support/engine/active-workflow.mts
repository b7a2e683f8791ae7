import { randomUUID } from 'node:crypto';
import { executionDataAt, startWorkflow } from './run.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';
import { callNode } from './webhook.mts';

/** A published workflow that starts at a webhook: its node `Tested`. */
export class ActiveWorkflow {
	plan;
	url: string;
	staticData;
	answers;
	runs;

	/** @param plan options of its runs @param url at which it is called */
	constructor(plan: object, url: string) {
		// An ID of its own, because nodes may keep things apart by it.
		this.plan = { ...plan, workflow: { ...plan.workflow, id: randomUUID() } };
		this.url = url;
		this.staticData = {};
		/** What its calls were answered with, as HTTP statuses in order. */
		this.answers = [];
		/** Results of the executions that calls started, in order. */
		this.runs = [];
	}

	async call(request, response) {
		const json = { ...this.plan.workflow, staticData: throughDatabase(this.staticData) };
		const workflow = makeWorkflow(json, typesFor(this.plan));
		const answer = await callNode(this.plan, workflow, 'Tested', { request, response });
		this.staticData = throughDatabase(workflow.staticData);
		if (answer.workflowData !== undefined) {
			const executionData = executionDataAt(workflow.getNode('Tested'), answer.workflowData);
			this.runs.push(startWorkflow({ ...this.plan, executionData }).result);
		}
		return answer;
	}
}
