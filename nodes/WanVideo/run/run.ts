import type { IExecuteFunctions } from 'n8n-workflow';
import { ApixoClient } from '../../apixo/client';
import { type Credential, readCredential } from '../../apixo/credential';
import type { Clock } from '../../shared/clock';
import { MODEL } from '../model/modes';
import { type Cancellation, watchCancellation } from './cancellation';
import { isToolNode } from './messages';
import { Tally } from './tally';

/** What one call of the node's `execute()` works with: its items, time, signals, and paid tasks. */
export class Run {
	/** Task IDs that this run paid for or picked up, by item, so that any failure can name them. */
	readonly tasks = new Map<number, string>();

	/** What it submits and picks up. */
	readonly tally = new Tally();

	private readonly cancellation: Cancellation;

	constructor(
		readonly context: IExecuteFunctions,
		readonly clock: Clock,
	) {
		this.cancellation = watchCancellation(context, clock, () => [...this.tasks.values()]);
	}

	/** Aborted when nothing more is to be waited for. */
	get signal(): AbortSignal {
		return this.cancellation.signal;
	}

	/** Ends what is under way, after the first failure under On Error = Stop. */
	stop(): void {
		this.cancellation.stop();
	}

	/**
	 * Whether an AI agent calls the node as its tool. n8n runs such calls in one of two ways: through
	 * a context that says so, or as a node of its own whose type ends in "Tool".
	 */
	get isTool(): boolean {
		return this.context.isToolExecution?.() === true || isToolNode(this.context.getNode());
	}

	/** Notes a task that was paid for. Should n8n be killed now, only the log names it. */
	paid(item: number, taskId: string): void {
		this.tasks.set(item, taskId);
		const { context } = this;
		// n8n runs a call over MCP before it begins an execution for it.
		const where = `execution ${context.getExecutionId() ?? 'of an MCP call'}`;
		context.logger.info(
			`Wan Video task ${taskId} [item ${item}] is paid for and under way (${where})`,
		);
	}

	/**
	 * Reads the credential and hands out the run's one client.
	 *
	 * @param retryForMs how long the client may repeat a request
	 * @throws NodeOperationError if the credential cannot be used
	 */
	async connect(retryForMs: number): Promise<{ client: ApixoClient; credential: Credential }> {
		const { context, clock } = this;
		const { signal, submitSignal } = this.cancellation;
		const credential = await readCredential(context);
		const client = new ApixoClient({
			context,
			credential,
			clock,
			model: MODEL,
			signal,
			submitSignal,
			retryForMs,
		});
		return { client, credential };
	}
}
