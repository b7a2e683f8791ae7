import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Credential } from '../../../apixo/credential';
import { ok } from '../../../apixo/result';
import { isLoopbackUrl } from '../../../shared/urls';
import { omitUndefined } from '../../../shared/values';
import { journalOf, resumeUrlOf } from '../../wait/parking';
import { options } from '../../descriptions/options';
import { requestFields } from '../../descriptions/request';
import { addressOf } from '../../media/addressOf';
import { soleAddress } from '../../media/mediaUrl';
import { sampleMark } from '../../model/output';
import type { ItemReader } from '../../run/itemReader';
import { runItems } from '../../run/items';
import { readOptions } from '../../run/parameters';
import type { SubmissionPlan } from '../../run/plans';
import { asksForSample } from '../../run/sample';
import { Submissions } from '../../run/submissions';
import { expectedSeconds, kindOf, knownDurations } from '../../tasks/durations';
import { signedCallbackUrl } from '../../trigger/signedUrl';
import { callbackUrlHints, isTestUrl } from '../../webhook/callbackUrl';
import type { Operation } from '../operation';

/** How long a submission may be repeated while APIXO limits requests. */
const RETRY_FOR_MS = 300_000;
const MAX_CONCURRENT = 10;

/** The default first. */
const DELIVERIES = ['none', 'callback'] as const;

type Plan = SubmissionPlan & { callbackUrl?: string };

const delivery: INodeProperties = {
	displayName: 'Delivery',
	name: 'delivery',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Callback',
			value: 'callback',
			description: 'APIXO calls a Wan Video Trigger when the task is finished',
		},
		{
			name: 'None',
			value: 'none',
			description: 'Fetch the video later with Wait or Get and the task ID',
		},
	],
	default: 'none',
	description: 'How the result is reported',
};

const callbackUrl: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://n8n.example.com/webhook/…',
	description:
		'The Production URL of a Wan Video Trigger with the same credential, or any public https:// address',
	displayOptions: { show: { delivery: ['callback'] } },
};

/** Runs that somebody starts, who may have the trigger listen meanwhile. */
const BY_HAND = ['manual', 'retry'];

/** A call to a Test URL is lost, and the video with it, unless its trigger listens just then. */
function checkTestUrl(reader: ItemReader, url: unknown): void {
	if (!isTestUrl(url)) return;
	if (BY_HAND.includes(reader.context.getMode())) {
		reader.hints.push(
			'Callback URL is a Test URL: it takes one call, and only while its trigger listens for a test event. For all else, enter the Production URL',
		);
		return;
	}
	reader.fault(
		'Callback URL is a Test URL, to which nobody listens when the workflow runs by itself: enter the Production URL of the trigger, and publish its workflow',
	);
}

/** What Callback URL names, without what comes along when it is copied; undefined if it is no value. */
function namedUrl(reader: ItemReader): unknown {
	const value = reader.raw(callbackUrl.name, '');
	const given = addressOf(value);
	if (!('text' in given)) return value;
	const sole = soleAddress(given.text, reader.typed);
	if (typeof sole !== 'string') return sole.address;
	reader.fault(`${callbackUrl.displayName} ${sole}`);
	return undefined;
}

/** The URL that APIXO is to call, signed; undefined if none is wanted, or something is wrong. */
function readCallbackUrl(
	reader: ItemReader,
	{ apiKey, baseUrl }: Credential,
	{ context, resumeExecution }: Record<string, unknown>,
	nowMs: number,
): string | undefined {
	if (reader.choice(delivery.displayName, delivery.name, DELIVERIES) === 'none') {
		return undefined;
	}
	const isResuming = reader.flag('Resume Execution', resumeExecution, false);
	const url = namedUrl(reader);
	if (url === undefined) return undefined;
	reader.hints.push(...callbackUrlHints(callbackUrl.displayName, url));
	checkTestUrl(reader, url);
	const resumeUrl = isResuming ? resumeUrlOf(reader.context) : undefined;
	const request = { url, context, resumeUrl };
	const signed = signedCallbackUrl(request, apiKey, isLoopbackUrl(baseUrl), nowMs);
	if (signed.ok) return signed.value;
	reader.fail(signed.failure);
	return undefined;
}

/** Submits all items and returns their task IDs at once. */
export const submit: Operation = {
	option: {
		name: 'Submit',
		value: 'submit',
		action: 'Submit a video without waiting (paid)',
		description: 'Submit a task and return its ID at once, without waiting',
	},
	fields: [
		...requestFields,
		delivery,
		callbackUrl,
		options(
			'checkMedia',
			'context',
			'keepBalance',
			'maxCost',
			'resumeExecution',
			'reuseInTestRuns',
			'sampleInTestRuns',
		),
	],

	async execute(run) {
		// Each item repeats its requests up to a deadline of its own.
		const { client, credential } = await run.connect(0);
		const submissions = new Submissions(run, client, credential, journalOf(run));
		await submissions.lookBack();
		return await runItems<Plan>(run, {
			...submissions.planning(),
			prepare: async (reader) => {
				const request = await submissions.planRequest(reader);
				const read = readOptions(reader);
				const url = readCallbackUrl(reader, credential, reader.options(), run.clock.now());
				const isSample = asksForSample(reader, read);
				return reader.result(request && { ...request, options: read, isSample, callbackUrl: url });
			},
			limit: () => MAX_CONCURRENT,
			work: async ({ request, files, facts, isSample, callbackUrl: url }, item) => {
				if (isSample) {
					const taskId = submissions.sample(request, item);
					const json = { ...sampleMark(taskId), taskId, state: 'pending', ...facts };
					return ok({ json });
				}
				const deadline = run.clock.now() + RETRY_FOR_MS;
				const submission = { item, request, files, callbackUrl: url, deadline };
				const submitted = await submissions.submit(submission);
				if (!submitted.ok) return submitted;
				const { taskId, task, key, note } = submitted.value;
				submissions.memory.delivered(key);
				const state = task?.state ?? 'pending';
				const expected = expectedSeconds(knownDurations.of(kindOf(request, credential.baseUrl)));
				const json = omitUndefined({ taskId, state, ...facts, expectedSeconds: expected, note });
				return ok({ json: json as IDataObject });
			},
		});
	},
};
