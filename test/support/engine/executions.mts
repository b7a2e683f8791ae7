import { startWorkflow } from './run.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';
import { callNode } from './webhook.mts';

/**
 * An execution that may be parked and go on: n8n's records of it, and what its endpoint
 * /webhook-waiting/<ID> does with a call. n8n-core holds none of this.
 */
export class Execution {
	id;
	plan: object;
	cancel;
	resumed;
	final;
	finish;
	parked;
	state;
	result;

	/** @param plan options of the run */
	constructor(plan: object) {
		const { executionId, cancel, result } = startWorkflow(plan);
		this.id = executionId;
		this.plan = plan;
		this.cancel = cancel;
		/** How often it was resumed. */
		this.resumed = 0;
		/** Resolves with the result of the last run. */
		this.final = new Promise((resolve) => (this.finish = resolve));
		/** Resolves with the result of the first run, which may have parked it. */
		this.parked = this.follow(result);
	}

	/** Records a run: waiting is a state between two of them. */
	async follow(running) {
		this.state = 'running';
		this.result = await running;
		this.state = this.result.status === 'waiting' ? 'waiting' : 'finished';
		if (this.state === 'finished') this.finish(this.result);
		return this.result;
	}

	async resume(executionData) {
		this.resumed += 1;
		return await this.follow(
			startWorkflow({ ...this.plan, executionData, executionId: this.id }).result,
		);
	}

	/** Lets the deadline of the parked execution come now. */
	async expire() {
		return await this.resume(throughDatabase(this.result.saved).data);
	}

	/** @returns why n8n would not let a call in, as HTTP status and words */
	refusal(token): [number, string] | undefined {
		if (this.state === 'running') return [409, 'The execution is running already'];
		if (this.state === 'finished') return [409, 'The execution has finished already'];
		const { resumeToken } = this.result.saved.data;
		return token === resumeToken ? undefined : [401, 'The token of the resume URL is not valid'];
	}

	/** Hands a call to the node that parked the execution, which goes on if the node says so. */
	async call(request, response) {
		const { data } = throughDatabase(this.result.saved);
		const [entry] = data.executionData.nodeExecutionStack;
		entry.node.disabled = true;
		data.waitTill = undefined;
		data.resultData.runData[data.resultData.lastNodeExecuted].pop();
		const workflow = makeWorkflow(this.plan.workflow, typesFor(this.plan));
		const call = { request, response, executionId: this.id, executionData: data };
		const answer = await callNode(this.plan, workflow, entry.node.name, call);
		if (answer.workflowData === undefined) return answer;
		if (this.state !== 'waiting') {
			return { webhookResponse: 'The execution was resumed already', status: 409 };
		}
		entry.data.main = answer.workflowData;
		void this.resume(data);
		return answer;
	}
}
