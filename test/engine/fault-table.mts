/*
 * Prints, as Markdown, what a user sees for each way in which APIXO can misbehave, and what the
 * emulator's ledger says: `node --import tsx test/engine/fault-table.mts`. Two items a run, the second one hit;
 * On Error = Continue; then the same execution is retried as n8n's Retry button does.
 */

import { scene } from '../support/engine/wan.mts';

const SECOND = { promptIncludes: 'second' };
const MINUTE = 1 / 60;

/** What happens, the rule, options of the node */
const FAULTS: Array<[string, object | undefined, object?]> = [
	['nothing', undefined],
	['submit: 400', { on: 'submit', do: { httpStatus: 400, message: 'bad duration' } }],
	['submit: 401', { on: 'submit', do: { httpStatus: 401, message: 'no' } }],
	['submit: 402 as HTTP 200', { on: 'submit', do: { code: 402, message: 'no balance' } }],
	['submit: 403', { on: 'submit', do: { httpStatus: 403 } }],
	['submit: 429 once, Retry-After 1 s', { on: 'submit', times: 1, do: { retryAfter: 1 } }],
	['submit: 500 twice', { on: 'submit', times: 2, do: { httpStatus: 500 } }],
	['submit: 503 for ever', { on: 'submit', do: { httpStatus: 503 } }],
	['submit: 504, not accepted', { on: 'submit', do: { httpStatus: 504 } }],
	['submit: 504, accepted', { on: 'submit', do: { httpStatus: 504, accept: true } }],
	['submit: connection reset, not accepted', { on: 'submit', do: { reset: true } }],
	['submit: answer lost after acceptance', { on: 'submit', do: { loseAnswer: true } }],
	['submit: answer cut', { on: 'submit', do: { cut: true } }],
	['submit: malformed JSON', { on: 'submit', do: { malformedJson: true } }],
	['submit: a web page', { on: 'submit', do: { html: true } }],
	['submit: no task ID', { on: 'submit', do: { noTaskId: true } }],
	['status: 500 three times', { on: 'status', times: 3, do: { httpStatus: 500 } }],
	['status: 429 twice', { on: 'status', times: 2, do: { retryAfter: 1 } }],
	['status: reset, cut and malformed', { on: 'status', times: 2, do: { cut: true } }],
	['status: 503 for ever', { on: 'status', do: { httpStatus: 503 } }, { timeout: 3 * MINUTE }],
	['status: 401', { on: 'status', do: { httpStatus: 401 } }],
	['status: 404', { on: 'status', do: { httpStatus: 404 } }],
	['status: an unknown state twice', { on: 'status', times: 2, do: { state: 'queued' } }],
	['task: never final', { on: 'submit', do: { never: true } }, { timeout: 3 * MINUTE }],
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
const readable = (text) => text.replaceAll(/task_[0-9a-f]+/g, 'task_…').replaceAll('|', '\\|');

const told = ({ error, details }) =>
	error ? `${readable(error)} (task ID ${details.taskId ? 'told' : 'unknown'})` : 'the video';

async function row({ plan, run, retry, apixo }, [what, rule, settings = {}]) {
	const { isDownloading, ...options } = settings;
	if (rule) apixo.misbehave(rule.on === 'submit' ? { ...rule, match: SECOND } : rule);
	const parameters = {
		prompt: '={{ $json.prompt }}',
		download: isDownloading === true,
		options,
	};
	const items = [{ prompt: 'first' }, { prompt: 'second' }];
	const first = await run(parameters, { items, settings: { onError: 'continueRegularOutput' } });
	const charges = apixo.ledger().length;

	// The same, stopping, and then retried: what is charged by both together.
	apixo.reset();
	if (rule) apixo.misbehave(rule.on === 'submit' ? { ...rule, match: SECOND } : rule);
	const stopped = plan(parameters, { items });
	const failed = await run(parameters, { items });
	if (failed.error) await retry(failed, stopped);
	const prompts = apixo.ledger().map(({ request }) => request.input.prompt);
	const most = Math.max(...['first', 'second'].map((p) => prompts.filter((x) => x === p).length));
	const seen = first.items('Good').map(told);
	return `| ${what} | ${seen[1]} | ${charges} | ${most} |`;
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
