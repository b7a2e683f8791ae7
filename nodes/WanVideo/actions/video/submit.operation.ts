import { signedCallbackUrl } from '../../callback/claims';
import { requestPanel } from '../../panels/request';
import { delivery as deliveryFields, options } from '../../panels/waiting';
import { systemClock } from '../../time/clock';
import { ApixoClient } from '../../transport/client';
import { readCredential } from '../../transport/credential';
import { TaskMemory } from '../../waiting/memory';
import { resumeUrlOf } from '../../waiting/parking';
import { taskFor } from '../../waiting/submission';
import { type Outcome, failed, success } from '../../wan/failure';
import { isLoopback } from '../../wan/urls';
import { runBatch } from '../batch';
import { isTool } from '../delivery';
import type { Operation } from '../operation';
import { invalid, readChoice, readCollection, readSwitch, together } from '../reading';
import { type Plan, planSubmission, refusalOf } from './planning';

/** How long a submission may be repeated while APIXO limits requests; milliseconds. */
const PATIENCE_MS = 300_000;
const PARALLEL_SUBMISSIONS = 10;

/** Submits all items and gives their task IDs at once. */
export const submit: Operation = {
	description: [
		...requestPanel,
		...deliveryFields,
		options('context', 'maxCost', 'resumeExecution'),
	],

	async execute() {
		const credential = await readCredential(this);
		const memory = new TaskMemory(this, isTool(this));
		const callbackUrlFor = (item: number): Outcome<string | undefined> => {
			const delivery = readChoice(this, item, 'delivery', 'Delivery', ['none', 'callback']);
			if (!delivery.ok) return delivery;
			if (delivery.value === 'none') return success(undefined);
			const faults: string[] = [];
			// What is wrong with the collection as a whole is told by those who read its other options.
			const { context, resumeExecution } = readCollection(this, item, []);
			const isResuming = readSwitch(resumeExecution, 'Resume Execution', false, faults);
			if (faults.length > 0) return failed(invalid(faults));
			const url = this.getNodeParameter('callbackUrl', item, '');
			const resumeUrl = isResuming ? resumeUrlOf(this) : undefined;
			const { apiKey, baseUrl } = credential;
			const isLocal = isLoopback(baseUrl);
			return signedCallbackUrl({ url, context, resumeUrl }, apiKey, isLocal, systemClock.now());
		};
		return await runBatch<Plan & { callbackUrl?: string }>(this, {
			prepare: (item) => {
				const read = together(planSubmission(this, item, credential), callbackUrlFor(item));
				if (!read.ok) return read;
				const [plan, callbackUrl] = read.value;
				return success({ ...plan, callbackUrl });
			},
			admit: (plans) => refusalOf(this, plans),
			hints: ({ hints }) => hints,
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
