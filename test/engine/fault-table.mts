/*
 * Prints, as Markdown, what a user sees for each way in which APIXO can misbehave, and what the
 * emulator's ledger says: `node --import tsx test/engine/fault-table.mts`. Each run has two items and
 * On Error = Continue; then one with On Error = Stop is retried as n8n's Retry button does.
 */

import type { Rule } from '../../emulator/index.mts';
import { scene, type Scene } from '../support/engine/wan.mts';
import type { Item } from '../support/item.mts';
import { byPrompt, paidPrompts, prompts } from './batch.mts';
import { CONTINUE } from './settings.mts';

interface NodeOptions {
	isDownloading?: boolean;
	/** minutes */
	timeout?: number;
}

/** On submit, it hits the second item alone. */
const FAULTS: Array<[what: string, rule?: Rule, options?: NodeOptions]> = [
	['nothing'],
	['submit: 400', { on: 'submit', do: { httpStatus: 400, message: 'bad duration' } }],
	['submit: 401', { on: 'submit', do: { httpStatus: 401, message: 'no' } }],
	['submit: 402 as HTTP 200', { on: 'submit', do: { code: 402, message: 'no balance' } }],
	['submit: 403', { on: 'submit', do: { httpStatus: 403 } }],
	['submit: 429 once, Retry-After 1 s', { on: 'submit', times: 1, do: { retryAfter: 1 } }],
	['submit: 500 twice', { on: 'submit', times: 2, do: { httpStatus: 500 } }],
	['submit: 503 for ever', { on: 'submit', do: { httpStatus: 503 } }],
	['submit: 504, not accepted', { on: 'submit', do: { httpStatus: 504 } }],
	['submit: 504, accepted', { on: 'submit', do: { httpStatus: 504, accept: true } }],
	[
		'submit: 400, insufficient credits',
		{ on: 'submit', do: { httpStatus: 400, message: 'Insufficient credits' } },
	],
	['submit: 407 of a proxy', { on: 'submit', do: { httpStatus: 407, html: true } }],
	['submit: 403 of a firewall', { on: 'submit', do: { httpStatus: 403, html: true } }],
	[
		'submit: 429 once of a gateway',
		{ on: 'submit', times: 1, do: { httpStatus: 429, text: 'Slow down' } },
	],
	[
		'submit: 502 of a gateway, not passed on',
		{ on: 'submit', do: { httpStatus: 502, html: true } },
	],
	[
		'submit: 502 of a gateway, accepted',
		{ on: 'submit', do: { httpStatus: 502, html: true, accept: true } },
	],
	[
		'submit: 503 of a gateway, accepted',
		{ on: 'submit', do: { httpStatus: 503, text: '', accept: true } },
	],
	[
		'submit: 504 of a gateway, accepted',
		{ on: 'submit', do: { httpStatus: 504, html: true, accept: true } },
	],
	['submit: 521 twice', { on: 'submit', times: 2, do: { httpStatus: 521, html: true } }],
	['submit: connection reset, not accepted', { on: 'submit', do: { reset: true } }],
	['submit: answer lost after acceptance', { on: 'submit', do: { loseAnswer: true } }],
	['submit: answer cut', { on: 'submit', do: { cut: true } }],
	['submit: malformed JSON', { on: 'submit', do: { malformedJson: true } }],
	['submit: a web page', { on: 'submit', do: { html: true } }],
	['submit: no task ID', { on: 'submit', do: { noTaskId: true } }],
	['status: 500 three times', { on: 'status', times: 3, do: { httpStatus: 500 } }],
	['status: 429 twice', { on: 'status', times: 2, do: { retryAfter: 1 } }],
	['status: reset, cut and malformed', { on: 'status', times: 2, do: { cut: true } }],
	['status: 503 for ever', { on: 'status', do: { httpStatus: 503 } }, { timeout: 0.05 }],
	['status: 401', { on: 'status', do: { httpStatus: 401 } }],
	['status: 404', { on: 'status', do: { httpStatus: 404 } }],
	[
		'status: 502 of a gateway twice',
		{ on: 'status', times: 2, do: { httpStatus: 502, html: true } },
	],
	['status: a web page once', { on: 'status', times: 1, do: { html: true } }],
	['status: 404 of a gateway', { on: 'status', do: { httpStatus: 404, html: true } }],
	['status: 407 of a proxy', { on: 'status', do: { httpStatus: 407, text: '' } }],
	['status: an unknown state twice', { on: 'status', times: 2, do: { state: 'queued' } }],
	['task: never final', { on: 'submit', do: { never: true } }, { timeout: 0.05 }],
	[
		'task: fails',
		{ on: 'submit', times: 1, do: { fail: { failCode: 'NSFW', failMsg: 'unsafe' } } },
	],
	['task: malformed resultJson', { on: 'submit', do: { resultJson: '{oops' } }],
	['task: no video in resultJson', { on: 'submit', do: { resultJson: '{"resultUrls":[]}' } }],
	['file: 404', { on: 'file', do: { httpStatus: 404 } }, { isDownloading: true }],
	['file: cut half-way', { on: 'file', do: { cut: true } }, { isDownloading: true }],
	['file: a web page', { on: 'file', do: { html: true } }, { isDownloading: true }],
];

/** IDs differ from run to run and say nothing here. */
const readable = (text: string) =>
	text.replaceAll(/task_[0-9a-f]+/g, 'task_…').replaceAll('|', '\\|');

const seenOf = ({ error, details }: Item) =>
	error ? `${readable(error)} (task ID ${details?.taskId ? 'told' : 'unknown'})` : 'the video';

async function row(
	{ run, plan, retry, apixo, charged }: Scene,
	[what, rule, { isDownloading = false, ...options } = {}]: (typeof FAULTS)[number],
) {
	const match = rule?.on === 'submit' ? { promptIncludes: 'second' } : {};
	const parameters = { ...byPrompt, download: isDownloading, options };
	const items = prompts('first', 'second');
	if (rule) apixo.misbehave({ ...rule, match });
	const [, seen] = (await run(parameters, { items, ...CONTINUE })).items('Good').map(seenOf);
	const charges = charged().length;

	// The same with On Error = Stop, and then retried: what is charged by both together.
	apixo.reset();
	if (rule) apixo.misbehave({ ...rule, match });
	const failed = await run(parameters, { items });
	if (failed.error) await retry(failed, plan(parameters, { items }));
	const chargesOf = (prompt: string) => paidPrompts(charged).filter((one) => one === prompt).length;
	const most = Math.max(...items.map(({ prompt }) => chargesOf(prompt)));
	return `| ${what} | ${seen} | ${charges} | ${most} |`;
}

async function main() {
	console.log(
		'| what happens | what the user sees of the second item | charges | most charges of one item, with a retry |',
	);
	console.log('| --- | --- | --- | --- |');
	for (const fault of FAULTS) {
		await scene(async (one) => console.log(await row(one, fault)))();
	}
}

main().then(() => process.exit(0));
