import type { Credential } from '../../../apixo/credential';
import type { Result } from '../../../apixo/result';
import { download } from '../../descriptions/download';
import { options } from '../../descriptions/options';
import { requestFields } from '../../descriptions/request';
import { WAYS, waitFor } from '../../descriptions/waitFor';
import type { ItemReader } from '../../run/itemReader';
import { addHints } from '../../run/hints';
import { prepareItems } from '../../run/items';
import { readOutputOptions } from '../../run/output';
import { readOptions } from '../../run/parameters';
import type { GenerationPlan } from '../../run/plans';
import { sampleTask } from '../../model/sample';
import type { Run } from '../../run/run';
import { asksForSample } from '../../run/sample';
import { Submissions } from '../../run/submissions';
import { kindOf } from '../../tasks/durations';
import { wakeUrlFault } from '../../wait/callbackUrl';
import { journalOf, wakeUrlOf } from '../../wait/parking';
import { type ItemState, type Terms, sharedTerms } from '../../wait/record';
import { waitForItems } from '../../wait/waitForItems';
import { readWay } from '../../wait/way';
import { callbackUrlHints } from '../../webhook/callbackUrl';
import type { Operation } from '../operation';

async function planItem(
	run: Run,
	reader: ItemReader,
	credential: Credential,
	submissions: Submissions,
): Promise<Result<GenerationPlan>> {
	const request = await submissions.planRequest(reader);
	const read = readOptions(reader);
	const output = readOutputOptions(run, reader, read, credential);
	reader.choice(waitFor.displayName, waitFor.name, WAYS);
	const isSample = asksForSample(reader, read);
	return reader.result(request && { ...request, options: read, isSample, output });
}

const termsOf = (
	{ request, facts, options: chosen, output }: GenerationPlan,
	{ baseUrl }: Credential,
): Terms => ({
	output,
	facts,
	kind: kindOf(request, baseUrl),
	pace: { firstPollMs: chosen.firstPollMs, pollIntervalMs: chosen.pollIntervalMs },
	timeoutMs: chosen.timeoutMs,
});

/** Submits all items, waits until each is final, and returns the results. */
export const generate: Operation = {
	option: {
		name: 'Generate',
		value: 'generate',
		action: 'Generate a video (paid, takes minutes)',
		description: 'Submit a task, wait until it is finished, and return the video',
	},
	fields: [
		...requestFields,
		waitFor,
		...download,
		options(
			'checkMedia',
			'fileName',
			'firstPollDelay',
			'keepBalance',
			'maxCost',
			'maxFileSize',
			'maxParallelTasks',
			'pollInterval',
			'reuseInTestRuns',
			'sampleInTestRuns',
			'simplify',
			'timeout',
		),
	],

	async execute(run) {
		// Each item repeats its requests up to a deadline of its own.
		const { client, credential } = await run.connect(0);
		const submissions = new Submissions(run, client, credential, journalOf(run));
		const way = readWay(run);
		const callbackUrl = way === 'callback' ? wakeUrlOf(run.context) : undefined;
		return await waitForItems(run, {
			way,
			client,
			memory: submissions.memory,
			async plan() {
				await submissions.lookBack();
				const planning = submissions.planning<GenerationPlan>();
				const { prepared, hints } = await prepareItems<GenerationPlan>(run, {
					...planning,
					prepare: async (reader) => await planItem(run, reader, credential, submissions),
					refuse: async (plans) =>
						wakeUrlFault(callbackUrl, credential) ?? (await planning.refuse(plans)),
				});
				const more = callbackUrlHints('The callback URL of this n8n', callbackUrl);
				addHints(run.context, more);
				const [first] = prepared.flatMap((plan) => (plan.ok ? [plan.value] : []));
				const share = sharedTerms();
				const items = prepared.map((plan, item): ItemState => {
					if (!plan.ok) return { kind: 'failed', failure: plan.failure };
					const { request, files, isSample } = plan.value;
					const terms = share(termsOf(plan.value, credential));
					if (isSample) {
						const taskId = submissions.sample(request, item);
						return { kind: 'final', terms, taskId, raw: sampleTask(taskId, run.clock.now()).raw };
					}
					return { kind: 'planned', source: { request, files }, terms };
				});
				return { items, hints: [...hints, ...more], limit: first?.options.maxParallelTasks ?? 1 };
			},
			async begin({ source }, item, deadline) {
				if (!('request' in source)) throw new Error('An item of Generate has no request');
				return await submissions.submit({ item, ...source, callbackUrl, deadline });
			},
		});
	},
};
