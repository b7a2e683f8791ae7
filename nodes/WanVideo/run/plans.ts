import type { ApixoClient } from '../../apixo/client';
import type { Credential } from '../../apixo/credential';
import { type Failure, finalFailure } from '../../apixo/result';
import type { Clock } from '../../shared/clock';
import { isLoopbackUrl } from '../../shared/urls';
import { fieldOfFile } from '../media/files';
import type { MediaUse } from '../media/medium';
import type { RequestFacts } from '../model/output';
import { dollars, priceOf, sumUsd } from '../model/price';
import { type WanRequest, checkRequest } from '../model/request';
import { wasInterrupted } from '../tasks/interrupted';
import type { TaskMemory } from '../tasks/memory';
import { isTestRun, recall } from '../tasks/recall';
import type { RecentScope } from '../tasks/recent';
import type { RunFiles } from './itemFiles';
import type { Submitter } from '../tasks/submission';
import type { ItemReader } from './itemReader';
import { listSomeTasks } from './messages';
import { type OutputOptions, readOutputOptions } from './output';
import {
	type Options,
	readCheckMedia,
	readOptions,
	readRequestParameters,
	readTaskId,
} from './parameters';
import type { Run } from './run';
import { namesSample } from './sample';

/** A checked request, and what its output tells about it. */
export interface RequestPlan {
	/** With what stands for files of the item. */
	request: WanRequest;
	/** What the item's files hold, where the request is made from any. */
	files?: string;
	/** What of the request is to be looked at. */
	media: MediaUse[];
	facts: RequestFacts;
}

/** An item that may be submitted. */
export interface SubmissionPlan extends RequestPlan {
	options: Options;
	/** Whether nothing is submitted, in a test run. */
	isSample: boolean;
}

/** An item that is submitted and waited for. */
export interface GenerationPlan extends SubmissionPlan {
	output: OutputOptions;
}

/** Files of an item are looked at whether or not addresses are. */
const isFileUse = ({ url }: MediaUse): boolean => fieldOfFile(url) !== undefined;

/** Reads and checks the request panel. @returns undefined if something is wrong with it */
export async function planRequest(
	reader: ItemReader,
	{ baseUrl }: Credential,
	itemFiles: RunFiles,
	submitter: Pick<Submitter, 'doubtAbout'>,
): Promise<RequestPlan | undefined> {
	const parameters = readRequestParameters(reader);
	const carried = itemFiles.of(reader.item);
	const areLookedAt = readCheckMedia(reader);
	const checked = checkRequest(parameters, isLoopbackUrl(baseUrl), carried, areLookedAt);
	const { request: unnamed, faults, hints, media } = checked;
	reader.fault(...faults);
	reader.hints.push(...hints);
	if (unnamed === undefined) return undefined;
	const identified = await itemFiles.identified(unnamed, reader.item);
	if (!identified.ok) {
		reader.refuse(identified.failure);
		return undefined;
	}
	const { request, files } = identified.value;
	const { estimatedCostUsd } = priceOf(request);
	const plan = { request, files };
	const doubt = submitter.doubtAbout({ ...plan, item: reader.item });
	if (doubt !== undefined) reader.fail(doubt);
	const facts = { mode: request.mode, estimatedCostUsd };
	return { ...plan, media: areLookedAt ? media : media.filter(isFileUse), facts };
}

/** An item that is about a task which exists already. */
export interface LookupPlan {
	taskId: string;
	/** Whether APIXO has no such task, since it is a sample of a test run. */
	isSample: boolean;
	options: Options;
	output: OutputOptions;
}

/** Reads and checks what Get and Wait need. */
export function planLookup(run: Run, reader: ItemReader, credential: Credential): LookupPlan {
	const taskId = readTaskId(reader);
	const isSample = namesSample(reader, taskId);
	const options = readOptions(reader);
	return { taskId, isSample, options, output: readOutputOptions(run, reader, options, credential) };
}

/** Picks up what other executions paid for. @returns hints for the user */
export async function recallPlans(
	{ context, clock, isTool }: Run,
	client: ApixoClient,
	memory: TaskMemory,
	recent: RecentScope,
	plans: Array<{ plan: SubmissionPlan; item: number }>,
): Promise<string[]> {
	const isAsked = isTestRun(context)
		? ({ isSample, options }: SubmissionPlan) => !isSample && options.reuseInTestRuns
		: () => true;
	const wishes = plans
		.filter(({ plan }) => isAsked(plan))
		.map(({ plan: { request, files }, item }) => ({ item, request, files }));
	await recall(client, clock, memory, recent, wishes);
	const pickedUp = wishes.flatMap((wish) => {
		const taskId = memory.taskIdOf(wish);
		return taskId !== undefined && memory.isAdopted(taskId) ? [{ item: wish.item, taskId }] : [];
	});
	// A model reads it in the output.
	if (pickedUp.length === 0 || isTool) return [];
	return [
		`Picked up from earlier test runs, and not paid again: ${listSomeTasks(pickedUp)}. For new videos, change the prompt, or add Reuse In Test Runs in Options and switch it off`,
	];
}

/** Of the first versions of n8n 2 and before, whose executions have no secret to know them by. */
const INTERRUPTED = finalFailure(
	'n8n was killed after this node had begun, and what it had submitted was not saved. So a retry submits nothing: it might be paid twice',
	'Search the log of n8n for "is paid for and under way", which names each task with the number of the execution that was killed, and fetch the videos with the Wait operation. For new videos, run the workflow anew.',
);

/** Why a run may submit nothing at all, if so. */
export async function refuseSubmissions(
	{ context, clock }: Run,
	{ client, memory, journal }: Submitter,
	plans: SubmissionPlan[],
): Promise<Failure | undefined> {
	if (journal?.lineage.isSure !== true && wasInterrupted(context)) return INTERRUPTED;
	const refusal = refuseAboveMaxCost(plans, memory.spentUsd);
	return refusal ?? (await refuseBelowBalance(plans, client, clock));
}

const costOf = (plans: SubmissionPlan[]) =>
	sumUsd(plans.map(({ facts }) => facts.estimatedCostUsd));

/** How long the question for the balance may be repeated. */
const BALANCE_RETRY_MS = 30_000;

/** Refuses the whole run if the account would be left with too little. */
async function refuseBelowBalance(
	plans: SubmissionPlan[],
	client: ApixoClient,
	clock: Clock,
): Promise<Failure | undefined> {
	const limits = plans.flatMap(({ options }) => options.keepBalanceUsd ?? []);
	if (limits.length === 0) return undefined;
	const limit = Math.max(...limits);
	const balance = await client.getBalance(clock.now() + BALANCE_RETRY_MS);
	if (!balance.ok) {
		const { message, hint, details } = balance.failure;
		return finalFailure(
			`Keep Balance Above (USD) could not be checked: ${message}. Nothing was submitted`,
			hint,
			details,
		);
	}
	const costUsd = costOf(plans);
	if (sumUsd([balance.value, -costUsd]) >= limit) return undefined;
	return finalFailure(
		`The balance of ${dollars(balance.value)} less this run's estimate of ${dollars(costUsd)} would fall below Keep Balance Above (USD) of ${dollars(limit)}. Nothing was submitted`,
		'Add balance at APIXO, lower Keep Balance Above (USD) in Options, or use fewer items, shorter videos or a lower Resolution.',
	);
}

/** Refuses the whole run if it would go beyond the spending limit of the execution. */
function refuseAboveMaxCost(plans: SubmissionPlan[], spentUsd: number): Failure | undefined {
	const limits = plans.flatMap(({ options }) => options.maxCostUsd ?? []);
	if (limits.length === 0) return undefined;
	const limit = Math.min(...limits);
	const costUsd = costOf(plans);
	if (sumUsd([spentUsd, costUsd]) <= limit) return undefined;
	const spent = spentUsd > 0 ? `, after ${dollars(spentUsd)} in this execution` : '';
	return finalFailure(
		`This run would cost about ${dollars(costUsd)}${spent}, which is above Max Cost (USD) of ${dollars(limit)}. Nothing was submitted`,
		'Raise Max Cost (USD) in Options, or use fewer items, shorter videos or a lower Resolution.',
	);
}
