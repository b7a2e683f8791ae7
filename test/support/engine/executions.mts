import { required } from '../required.mts';
import { nodeExecutionStack } from './retry.mts';
import { startWorkflow } from './run.mts';
import { makeWorkflow, throughDatabase, typesFor } from './workflow.mts';
import { callNode } from './webhook.mts';
import type { IRun, IRunExecutionData } from 'n8n-workflow';
import type { RunResult } from './result.mts';
import type { RunOptions } from './run-options.mts';
import type { ExpressRequest, ExpressResponse, Refusal, WebhookAnswer } from './webhook.mts';

/**
 * An execution that may be parked and go on: n8n's records of it, and what its endpoint
 * /webhook-waiting/<ID> does with a call. n8n-core holds none of this.
 */
export class Execution {
	id: string;
	plan: RunOptions;
	/** n8n's Stop button, for the first run */
	cancel: () => void;
	/** how often it was resumed */
	resumed = 0;
	/** resolves with the result of the last run */
	final: Promise<RunResult>;
	/** resolves with the result of the first run, which may have parked it */
	parked: Promise<RunResult>;
	state: 'running' | 'waiting' | 'finished' = 'running';
	/** of the last run that is over */
	result?: RunResult;
	private finish: (result: RunResult) => void = () => {};

	constructor(plan: RunOptions) {
		const { executionId, cancel, result } = startWorkflow(plan);
		this.id = executionId;
		this.plan = plan;
		this.cancel = cancel;
		this.final = new Promise((resolve) => (this.finish = resolve));
		this.parked = this.follow(result);
	}

	/** Records a run: waiting is a state between two of them. */
	private async follow(running: Promise<RunResult>): Promise<RunResult> {
		this.state = 'running';
		const result = await running;
		this.result = result;
		this.state = result.status === 'waiting' ? 'waiting' : 'finished';
		if (this.state === 'finished') this.finish(result);
		return result;
	}

	private async resume(executionData: IRunExecutionData): Promise<RunResult> {
		this.resumed += 1;
		return await this.follow(
			startWorkflow({ ...this.plan, executionData, executionId: this.id }).result,
		);
	}

	/** What n8n has in its database of the last run. */
	private get saved(): IRun {
		return required(this.result, 'run that is over').saved;
	}

	/** Makes the deadline of the parked execution come now. */
	async expire(): Promise<RunResult> {
		return await this.resume(throughDatabase(this.saved).data);
	}

	/** @returns why n8n would not let a call in */
	refusal(token: string | null): Refusal | undefined {
		if (this.state === 'running') return [409, 'The execution is running already'];
		if (this.state === 'finished') return [409, 'The execution has finished already'];
		const { resumeToken } = this.saved.data;
		return token === resumeToken ? undefined : [401, 'The token of the resume URL is not valid'];
	}

	/**
	 * Hands a call to the node that parked the execution, which goes on if the node says so.
	 *
	 * @param path what follows the execution's ID in the URL
	 */
	async call(
		request: ExpressRequest,
		response: ExpressResponse,
		path: string,
	): Promise<WebhookAnswer> {
		const { data } = throughDatabase(this.saved);
		const [entry] = nodeExecutionStack(data);
		const name = required(data.resultData.lastNodeExecuted, 'parked node');
		entry.node.disabled = true;
		data.waitTill = undefined;
		data.resultData.runData[name].pop();
		const workflow = makeWorkflow(this.plan.workflow, typesFor(this.plan));
		const call = { request, response, path, executionId: this.id, executionData: data };
		const answer = await callNode(this.plan, workflow, name, call);
		if (answer.workflowData === undefined) return answer;
		// Another call may have resumed it while the node dealt with this one.
		if (this.state !== 'waiting') {
			return { webhookResponse: 'The execution was resumed already', status: 409 };
		}
		entry.data.main = answer.workflowData;
		entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
		void this.resume(data);
		return answer;
	}
}
