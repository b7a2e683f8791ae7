import type { Credential } from '../../../apixo/credential';
import type { Result } from '../../../apixo/result';
import { download } from '../../descriptions/download';
import { options } from '../../descriptions/options';
import { requestFields } from '../../descriptions/request';
import { WAYS, waitFor } from '../../descriptions/waitFor';
import { RunFiles } from '../../run/itemFiles';
import type { ItemReader } from '../../run/itemReader';
import { addHints } from '../../run/hints';
import { prepareItems } from '../../run/items';
import { mediaCheck } from '../../run/mediaCheck';
import { readOutputOptions } from '../../run/output';
import { readOptions } from '../../run/parameters';
import { type GenerationPlan, planRequest, recallPlans, refuseSubmissions } from '../../run/plans';
import { sampleTask } from '../../model/sample';
import type { Run } from '../../run/run';
import { asksForSample, sampleIdOf } from '../../run/sample';
import { kindOf } from '../../tasks/durations';
import { realRunIndexOf } from '../../tasks/interrupted';
import { TaskMemory } from '../../tasks/memory';
import { recentFor } from '../../tasks/recall';
import { Submitter } from '../../tasks/submission';
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
	files: RunFiles,
	submitter: Submitter,
): Promise<Result<GenerationPlan>> {
	const request = await planRequest(reader, credential, files, submitter);
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
		const runIndex = realRunIndexOf(run.context);
		const recent = recentFor(run.context, run.clock, credential, run.isTool);
		const memory = new TaskMemory(run.context, runIndex, run.isTool, recent);
		const files = new RunFiles(run, credential);
		const submitter = new Submitter(client, memory, files, journalOf(run));
		const way = readWay(run);
		const callbackUrl = way === 'callback' ? wakeUrlOf(run.context) : undefined;
		return await waitForItems(run, {
			way,
			client,
			memory,
			async plan() {
				await submitter.lookBack(run.context.getInputData());
				const { prepared, hints } = await prepareItems<GenerationPlan>(run, {
					prepare: async (reader) => await planItem(run, reader, credential, files, submitter),
					check: mediaCheck(run, credential, files),
					refuse: async (plans) =>
						wakeUrlFault(callbackUrl, credential) ??
						(await refuseSubmissions(run, submitter, plans)),
					earlierTaskId: (plan, item) => memory.taskIdOf({ ...plan, item }),
					recall: async (plans) => await recallPlans(run, client, memory, recent, plans),
				});
				const more = callbackUrlHints('The callback URL of this n8n', callbackUrl);
				addHints(run.context, more);
				const [first] = prepared.flatMap((plan) => (plan.ok ? [plan.value] : []));
				const share = sharedTerms();
				const items = prepared.map((plan, item): ItemState => {
					if (!plan.ok) return { kind: 'failed', failure: plan.failure };
					const { request, files: content, isSample } = plan.value;
					const terms = share(termsOf(plan.value, credential));
					if (isSample) {
						memory.spend(request);
						const taskId = sampleIdOf(run.context, runIndex, item);
						return { kind: 'final', terms, taskId, raw: sampleTask(taskId, run.clock.now()).raw };
					}
					return { kind: 'planned', source: { request, files: content }, terms };
				});
				return { items, hints: [...hints, ...more], limit: first?.options.maxParallelTasks ?? 1 };
			},
			async begin({ source }, item, deadline) {
				if (!('request' in source)) throw new Error('An item of Generate has no request');
				const submission = { item, ...source, callbackUrl, deadline };
				const submitted = await submitter.submitOnce(submission);
				if (submitted.ok) {
					run.paid(item, submitted.value.taskId);
					run.tally.add(source.request, submitted.value.isNew);
				}
				return submitted;
			},
		});
	},
};
