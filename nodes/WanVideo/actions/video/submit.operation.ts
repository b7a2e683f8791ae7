import type { IDataObject } from 'n8n-workflow';
import { signedCallbackUrl } from '../../callback/claims';
import { requestPanel } from '../../panels/request';
import { delivery, options } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient, readCredential } from '../../transport/client';
import { TaskMemory } from '../../waiting/memory';
import { resumeUrlOf } from '../../waiting/parking';
import { taskFor } from '../../waiting/submission';
import { type Outcome, failed, success } from '../../wan/failure';
import { isLoopback } from '../../wan/urls';
import { runBatch } from '../batch';
import { isTool } from '../delivery';
import type { Operation } from '../operation';
import { invalid } from '../parameters';
import { type Plan, planSubmission, refusalOf } from './planning';

/** How long a submission may be repeated while APIXO limits requests; milliseconds. */
const PATIENCE_MS = 300_000;
const PARALLEL_SUBMISSIONS = 10;

/** Submits all items and gives their task IDs at once. */
export const submit: Operation = {
	description: [...requestPanel, ...delivery, options('context', 'maxCost', 'resumeExecution')],

	async execute() {
		const credential = await readCredential(this);
		const memory = new TaskMemory(this, isTool(this));
		const callbackUrlFor = (item: number): Outcome<string | undefined> => {
			if (this.getNodeParameter('delivery', item, 'none') !== 'callback') return success(undefined);
			const { context, resumeExecution } = this.getNodeParameter(
				'options',
				item,
				{},
			) as IDataObject;
			const url = this.getNodeParameter('callbackUrl', item, '');
			const resumeUrl = resumeExecution === true ? resumeUrlOf(this) : undefined;
			const { apiKey, baseUrl } = credential;
			const isLocal = isLoopback(baseUrl);
			return signedCallbackUrl({ url, context, resumeUrl }, apiKey, isLocal, systemClock.now());
		};
		return await runBatch<Plan & { callbackUrl?: string }>(this, {
			prepare: (item) => {
				const plan = planSubmission(this, item, credential);
				const callbackUrl = callbackUrlFor(item);
				if (!plan.ok && !callbackUrl.ok) {
					return failed(invalid([plan.failure.message, callbackUrl.failure.message]));
				}
				if (!plan.ok) return plan;
				if (!callbackUrl.ok) return callbackUrl;
				return success({ ...plan.value, callbackUrl: callbackUrl.value });
			},
			admit: (plans) => refusalOf(this, plans),
			known: ({ request }, item) => memory.find(item, request)?.taskId,
			limit: () => PARALLEL_SUBMISSIONS,
			work: async ({ request, facts, callbackUrl }, item, run) => {
				const client = new ApixoClient(this, credential, systemClock, run);
				const deadline = systemClock.now() + PATIENCE_MS;
				const pace = { clock: systemClock, stop: run.stop, deadline };
				const submitted = await taskFor({ item, request, callbackUrl }, client, memory, pace);
				if (!submitted.ok) return submitted;
				const { taskId, seen } = submitted.value;
				run.paid(item, taskId);
				memory.delivered(item, request);
				return success({ json: { taskId, state: seen?.state ?? 'pending', ...facts } });
			},
		});
	},
};
