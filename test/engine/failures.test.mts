/** What a user is told when something fails, and where On Error puts it. */

import type { OnError } from 'n8n-workflow';
import type { Emulator, Rule } from '../../emulator/index.mts';
import { scene, toldBy, type Scene } from '../support/engine/wan.mts';
import type { Details } from '../support/item.mts';
import { required } from '../support/required.mts';
import { byPrompt, prompts, taskIdOf } from './batch.mts';
import { errorText } from './error-text.mts';
import { CONTINUE } from './settings.mts';

interface Failure {
	rule: Rule;
	/** words in what the user is told */
	says: RegExp;
	/** words that would be wrong */
	saysNot?: RegExp;
	/** what the program after the node finds */
	details: Details;
	/** whether a task ID exists and must be kept */
	paid?: boolean;
}

/** Ways in which the item with the prompt "bad" fails. */
const FAILURES: Record<string, Failure> = {
	'an invalid request (400)': {
		rule: { on: 'submit', do: { httpStatus: 400, envelope: { code: 400, message: 'no foxes' } } },
		says: /no foxes/,
		details: { httpCode: 400 },
	},
	'a wrong key (401)': {
		rule: { on: 'submit', do: { httpStatus: 401 } },
		says: /credential/i,
		details: { httpCode: 401 },
	},
	'an empty balance (402)': {
		rule: { on: 'submit', do: { httpStatus: 402 } },
		says: /balance/i,
		details: { httpCode: 402 },
	},
	'a refusal (403)': {
		rule: { on: 'submit', do: { httpStatus: 403 } },
		says: /permission|may not|not allow/i,
		details: { httpCode: 403 },
	},
	'an unknown model (404)': {
		rule: { on: 'submit', do: { httpStatus: 404 } },
		says: /./,
		details: { httpCode: 404 },
	},
	'a code 401 in HTTP 200': {
		rule: { on: 'submit', do: { code: 401, message: 'unauthorized' } },
		says: /credential/i,
		details: { httpCode: 401 },
	},
	'a code 402 in HTTP 200': {
		rule: { on: 'submit', do: { code: 402, message: 'insufficient balance' } },
		says: /balance/i,
		details: { httpCode: 402 },
	},
	'a task that failed': {
		rule: { on: 'submit', do: { fail: { failCode: 'NSFW', failMsg: 'Not for children' } } },
		says: /Not for children/,
		details: { state: 'failed', failCode: 'NSFW', failMsg: 'Not for children' },
		paid: true,
	},
	'a result that is no JSON': {
		rule: { on: 'submit', do: { resultJson: '{"resultUrls":[' } },
		says: /./,
		details: { state: 'success' },
		paid: true,
	},
	'a result without URLs': {
		rule: { on: 'submit', do: { resultJson: '{"resultUrls":[]}' } },
		says: /./,
		details: { state: 'success' },
		paid: true,
	},
	'a result of another shape': {
		rule: { on: 'submit', do: { resultJson: '{"resultUrls":{"0":null}}' } },
		says: /./,
		details: { state: 'success' },
		paid: true,
	},
	'an empty result': {
		rule: { on: 'submit', do: { resultJson: '' } },
		says: /./,
		details: { state: 'success' },
		paid: true,
	},
	'a key that is refused while waiting (401)': {
		rule: { on: 'status', do: { httpStatus: 401 } },
		says: /credential/i,
		details: { httpCode: 401 },
		paid: true,
	},
	'a task that is gone (404)': {
		rule: { on: 'status', do: { httpStatus: 404 } },
		says: /no task|no such task|does not know/i,
		details: { httpCode: 404 },
		paid: true,
	},
	'a balance that is too low, told as an invalid request (400)': {
		rule: { on: 'submit', do: { httpStatus: 400, message: 'Insufficient credits' } },
		says: /add balance/i,
		saysNot: /parameter/,
		details: { httpCode: 400 },
	},
	'a proxy that asks for a login (407)': {
		rule: { on: 'submit', do: { httpStatus: 407, html: true } },
		says: /server between n8n and APIXO.* did not pass the request on/,
		saysNot: /may be billed|\bkey\b|model/i,
		details: { httpCode: 407 },
	},
	'a firewall that refuses (403)': {
		rule: { on: 'submit', do: { httpStatus: 403, html: true } },
		says: /server between n8n and APIXO/,
		saysNot: /may be billed|\bkey\b|model/i,
		details: { httpCode: 403 },
	},
	'a gateway that says something of its own (401)': {
		rule: { on: 'submit', do: { httpStatus: 401, envelope: { message: 'No credentials found' } } },
		says: /server between n8n and APIXO.*No credentials found/,
		saysNot: /may be billed|\bkey\b|model/i,
		details: { httpCode: 401 },
	},
	'a proxy that asks for a login while waiting (407)': {
		rule: { on: 'status', do: { httpStatus: 407, text: '' } },
		says: /server between n8n and APIXO/,
		saysNot: /may be billed|\bkey\b|model/i,
		details: { httpCode: 407 },
		paid: true,
	},
	'a gateway that knows no such address while waiting (404)': {
		rule: { on: 'status', do: { httpStatus: 404, html: true } },
		says: /server between n8n and APIXO/,
		saysNot: /has no task|\bkey\b|model/i,
		details: { httpCode: 404 },
		paid: true,
	},
	'the web page of a gateway (502), so that a task may exist': {
		rule: { on: 'submit', do: { httpStatus: 502, html: true } },
		says: /server between n8n and APIXO.*may be billed/,
		saysNot: /\bkey\b|model/i,
		details: { httpCode: 502 },
	},
	'an empty answer of a gateway (503) that had passed it on, so that a task may exist': {
		rule: { on: 'submit', do: { httpStatus: 503, text: '', accept: true } },
		says: /server between n8n and APIXO.*may be billed/,
		saysNot: /\bkey\b|model/i,
		details: { httpCode: 503 },
	},
	'a gateway that gave up (504), so that a task may exist': {
		rule: { on: 'submit', do: { httpStatus: 504 } },
		says: /may/,
		details: { httpCode: 504 },
	},
	'an answer that was lost, so that a task may exist': {
		rule: { on: 'submit', do: { loseAnswer: true } },
		says: /may/,
		details: {},
	},
	'a connection that broke, so that a task may exist': {
		rule: { on: 'submit', do: { reset: true } },
		says: /may/,
		details: {},
	},
	'an answer cut in half, so that a task may exist': {
		rule: { on: 'submit', do: { cut: true } },
		says: /may/,
		details: {},
	},
	'malformed JSON, so that a task may exist': {
		rule: { on: 'submit', do: { malformedJson: true } },
		says: /may/,
		details: {},
	},
	'an answer without a task ID, so that a task may exist': {
		rule: { on: 'submit', do: { noTaskId: true } },
		says: /may/,
		details: {},
	},
	'a web page instead of an answer, so that a task may exist': {
		rule: { on: 'submit', do: { html: true } },
		says: /may/,
		details: {},
	},
};

async function fail({ run, apixo }: Scene, { rule }: Failure, onError?: OnError) {
	apixo.misbehave({ ...rule, match: { promptIncludes: 'bad' } });
	return await run(byPrompt, { items: prompts('good', 'bad', 'good too'), settings: { onError } });
}

const badTask = (apixo: Emulator) => taskIdOf(apixo, 'bad');

describe.each(Object.entries(FAILURES))('%s', (_name, failure) => {
	const { says, saysNot = /undefined/, details, paid } = failure;

	test.concurrent(
		'stops the workflow, naming item and task, with advice',
		scene(async (stage) => {
			const result = await fail(stage, failure);
			const { message, description } = result.failure;
			expect(result.status).toBe('error');
			expect(errorText(result.failure)).toMatch(says);
			expect(errorText(result.failure)).not.toMatch(saysNot);
			expect(description).toEqual(expect.stringMatching(/\w+ \w+/));
			expect(message).toMatch(/\[item 1: ".+"\]/);
			if (paid) expect(message).toContain(badTask(stage.apixo));
			expect(result.taskData('Good')).toEqual([]);
		}),
	);

	test.concurrent.each<[onError: OnError, output: string]>([
		['continueRegularOutput', 'Good'],
		['continueErrorOutput', 'Bad'],
	])(
		'with On Error = %s is an item that says so, and harms no other',
		scene(async (stage, onError, output) => {
			const result = await fail(stage, failure, onError);
			expect(result.status).toBe('success');
			const failed = result.items(output).find(({ error }) => error !== undefined);
			const item = required(failed, 'failed item');
			const expected = paid ? { ...details, taskId: badTask(stage.apixo) } : details;
			expect(item.details).toMatchObject(expected);
			expect(item.details?.hint).toMatch(/\w+ \w+/);
			expect(toldBy(item)).toMatch(says);
			expect(toldBy(item)).not.toMatch(saysNot);
			if (paid) expect(item.error).toContain(badTask(stage.apixo));
			if (onError === 'continueErrorOutput') expect(item.prompt).toBe('bad');
			else expect(Object.keys(item).sort()).toEqual(['details', 'error']);

			const good = result.items('Good').filter(({ error }) => error === undefined);
			expect(good.map(({ state }) => state)).toEqual(['success', 'success']);
			const charged = stage.charged().filter(({ input }) => input.prompt === 'bad');
			const tasks = stage.apixo.tasks().filter(({ prompt }) => prompt === 'bad');
			expect(charged).toHaveLength(tasks.length);
		}),
	);
});

describe('a failed task', () => {
	/** Every spelling that was seen, by what the advice must speak of. */
	const ADVICE: Array<[advice: RegExp, failCodes: string[]]> = [
		[
			/rewrite|shorten/i,
			['PromptInvalid', 'INVALID_PROMPT', 'PromptLengthExceeded', 'PROMPT_TOO_LONG'],
		],
		[/field/i, ['MissingParameter', 'BadRequest']],
		[
			/change the prompt/i,
			[
				'SensitiveContent',
				'SensitiveContentDetected',
				'InputImageSensitiveContentDetected',
				'InputOutputSensitiveContentDetected',
				'NSFW',
				'NSFW_DETECTED',
				'ProhibitedContentDetected',
				'CONTENT_VIOLATION',
			],
		],
		[
			/public url/i,
			['INVALID_IMAGE_URL', 'IMAGE_DOWNLOAD_FAILED', 'IMAGE_TOO_LARGE', 'UNSUPPORTED_FORMAT'],
		],
		[/later/i, ['RateLimitExceeded', 'MODEL_UNAVAILABLE', 'GENERATION_FAILED']],
		[/again/i, ['Task TimeOut', 'Timeout', 'PROCESSING_TIMEOUT']],
		[/add balance/i, ['INSUFFICIENT_CREDITS']],
		[/\w+ \w+/, ['SOMETHING_NEW_IN_2027']],
	];

	test.concurrent(
		'comes with advice that fits its failCode',
		scene(async ({ run, apixo }) => {
			const items = ADVICE.flatMap(([, codes]) => codes).map((code) => ({ prompt: `[${code}]` }));
			for (const { prompt } of items) {
				const fail = { failCode: prompt.slice(1, -1), failMsg: `Said for ${prompt}` };
				apixo.misbehave({ on: 'submit', match: { promptIncludes: prompt }, do: { fail } });
			}
			const failed = (await run(byPrompt, { items, ...CONTINUE })).items('Good');
			expect(failed).toHaveLength(items.length);
			for (const [advice, codes] of ADVICE) {
				for (const code of codes) {
					const item = failed.find(({ details }) => details?.failCode === code);
					expect(item?.details?.hint).toMatch(advice);
					expect(item?.details?.failMsg).toBe(`Said for [${code}]`);
				}
			}
		}),
	);

	test.concurrent(
		'keeps its ID in the message even if the reason looks like a network error',
		scene(async ({ run, apixo }) => {
			const fail = { failCode: 'GENERATION_FAILED', failMsg: 'provider: connect ETIMEDOUT' };
			apixo.misbehave({ on: 'submit', do: { fail } });
			const { failure } = await run();
			expect(failure.message).toContain(apixo.ledger()[0].taskId);
		}),
	);
});
