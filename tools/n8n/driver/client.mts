import { setTimeout as sleep } from 'node:timers/promises';
import { parse as parseFlatted } from 'flatted';
import type { ExecutionStatus, IDataObject } from 'n8n-workflow';
import { N8nSession } from './session.mts';
import type {
	Execution,
	ExecutionList,
	ExecutionSummary,
	SavedCredential,
	SavedWorkflow,
} from './answers.mts';

const POLL_MS = 150;
const DEFAULT_TIMEOUT_MS = 60_000;

/** An execution in one of these does nothing any more by itself. */
const FINAL_STATUSES: ExecutionStatus[] = ['success', 'error', 'crashed', 'canceled'];

/** n8n has no data of an execution that has only just begun. */
const NO_OUTPUT: Execution['data'] = { resultData: { runData: {} } };

/** What n8n records of a trigger beside its items. */
const TRIGGERED = { startTime: 0, executionTime: 0, executionIndex: 0, source: [] };

export const OWNER = {
	email: 'owner@example.com',
	password: 'Wan-video-26',
	firstName: 'Olivia',
	lastName: 'Owner',
};

export interface NewCredential {
	name: string;
	/** such as `apixoApi` */
	type: string;
	data: object;
}

export interface WaitOptions {
	/** what to wait for, e.g. `waiting`; default: any final one */
	status?: ExecutionStatus | ExecutionStatus[];
	timeoutMs?: number;
}

/** Drives n8n over the HTTP interface of its own editor. Whatever n8n refuses throws its answer. */
export class N8nClient extends N8nSession {
	/** Makes the owner's account on a fresh n8n and logs in with it. */
	async setupOwner(owner = OWNER): Promise<void> {
		await this.authenticate('/owner/setup', owner);
	}

	async createCredential(credential: NewCredential): Promise<SavedCredential> {
		return await this.post('/credentials', credential);
	}

	/**
	 * Tests a credential as the editor's dialog does, which saves it first.
	 *
	 * @param credential with `id`: one that is saved already; n8n wants its data all the same
	 */
	async testCredential({
		id,
		name = 'Test',
		type,
		data,
	}: Omit<NewCredential, 'name'> & { id?: string; name?: string }): Promise<{
		status: 'OK' | 'Error';
		message: string;
	}> {
		const savedId = id ?? (await this.createCredential({ name, type, data })).id;
		return await this.post('/credentials/test', {
			credentials: { id: savedId, name, type, data },
		});
	}

	/** @param workflow as exported from the editor */
	async createWorkflow(workflow: object): Promise<SavedWorkflow> {
		return await this.post('/workflows', { settings: {}, ...workflow });
	}

	async workflow(id: string): Promise<SavedWorkflow> {
		return await this.get(`/workflows/${id}`);
	}

	/** Saves a workflow anew, as its user changed it. */
	async updateWorkflow(id: string, change: (workflow: SavedWorkflow) => void): Promise<void> {
		const workflow = await this.workflow(id);
		change(workflow);
		const { name, nodes, connections, settings, versionId } = workflow;
		await this.request('PATCH', `/workflows/${id}`, {
			data: { name, nodes, connections, settings, versionId },
		});
	}

	/**
	 * Activates a workflow and waits until its triggers listen: n8n publishes asynchronously.
	 *
	 * @throws when a trigger could not be started
	 */
	async activate(id: string): Promise<void> {
		const { versionId } = await this.workflow(id);
		await this.post(`/workflows/${id}/activate`, { versionId });
		const deadline = Date.now() + DEFAULT_TIMEOUT_MS;
		while (Date.now() < deadline) {
			const publication = await this.get<{ status: string }>(`/workflows/${id}/publication-status`);
			if (publication.status === 'published') return;
			// n8n 2.41.1 reads this in two queries; what is done between them looks as if it had not begun.
			if (!['in_progress', 'not_published'].includes(publication.status)) {
				throw new Error(`Workflow ${id} was not published: ${JSON.stringify(publication)}`);
			}
			await sleep(POLL_MS);
		}
		throw new Error(`Workflow ${id} was not published in ${DEFAULT_TIMEOUT_MS} ms`);
	}

	/**
	 * Runs a workflow by hand, as the editor's button does.
	 *
	 * @param came what the trigger gets from outside, as in a chat; without it, n8n may wait for that
	 * @returns the execution's ID
	 */
	async run(id: string, triggerName: string, came?: IDataObject): Promise<string> {
		const triggered = came && { ...TRIGGERED, data: { main: [[{ json: came }]] } };
		const answer = await this.post<{ executionId?: string }>(`/workflows/${id}/run`, {
			triggerToStartFrom: { name: triggerName, data: triggered },
		});
		if (!answer.executionId) {
			throw new Error(`Workflow ${id} did not start: ${JSON.stringify(answer)}`);
		}
		return answer.executionId;
	}

	async execution(id: string): Promise<Execution> {
		const execution = await this.get<Omit<Execution, 'data'> & { data?: string }>(
			`/executions/${id}`,
		);
		const data: Execution['data'] | undefined = execution.data && parseFlatted(execution.data);
		return { ...execution, data: data ?? NO_OUTPUT };
	}

	/** @returns newest first */
	async executions(
		filter: { workflowId?: string; status?: string[] } = {},
	): Promise<ExecutionSummary[]> {
		const params = { filter: JSON.stringify(filter) };
		return (await this.get<ExecutionList>('/executions', params)).results;
	}

	/** @throws when it ends in another status, or after the timeout */
	async waitForExecution(
		id: string,
		{ status = FINAL_STATUSES, timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions = {},
	): Promise<Execution> {
		const wanted = [status].flat();
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const execution = await this.execution(id);
			if (wanted.includes(execution.status)) return execution;
			const because = execution.data.resultData.error?.message ?? 'no message';
			if (FINAL_STATUSES.includes(execution.status)) {
				throw new Error(`Execution ${id} ended as ${execution.status} (${because})`);
			}
			if (Date.now() > deadline) {
				throw new Error(`Execution ${id} is still ${execution.status} after ${timeoutMs} ms`);
			}
			await sleep(POLL_MS);
		}
	}

	/**
	 * Retries an execution that failed, like the two entries of the editor's menu.
	 *
	 * @param options `loadWorkflow`: with the workflow as it is now
	 * @returns the new execution; n8n answers when it has ended
	 */
	async retry(
		executionId: string,
		{ loadWorkflow = false, timeoutMs = DEFAULT_TIMEOUT_MS } = {},
	): Promise<Execution> {
		const config = { data: { loadWorkflow }, timeout: timeoutMs };
		const path = `/executions/${executionId}/retry`;
		return (await this.request<{ data: Execution }>('POST', path, config)).data.data;
	}

	async stop(executionId: string): Promise<void> {
		await this.post(`/executions/${executionId}/stop`);
	}

	/** @param id as in an item's binary data */
	async binary(id: string): Promise<Buffer> {
		const { data } = await this.request<Buffer>('GET', '/binary-data', {
			params: { id, action: 'download' },
			responseType: 'arraybuffer',
		});
		return data;
	}

	/**
	 * Sends a POST to any webhook URL.
	 *
	 * @returns whatever the status is
	 */
	async postWebhook(
		url: string,
		body: unknown,
		headers: Record<string, string> = {},
	): Promise<{ status: number; data: unknown }> {
		const { status, data } = await this.http.post<unknown>(url, body, { headers });
		return { status, data };
	}
}
