/**
 * Retry of an execution of which n8n has less than it did, because n8n was killed: what was submitted
 * after n8n had saved it last is not submitted again, and all else is.
 */

import { required } from '../support/required.mts';
import { type PanelParameters, scene, toldBy } from '../support/engine/wan.mts';
import type { RunResult } from '../support/engine/index.mts';
import { byPrompt, paidPrompts, prompts } from './batch.mts';
import { errorText } from './error-text.mts';
import { CONTINUE, RETRY_ON_FAIL } from './settings.mts';

const UNKNOWN = /not known whether this item was submitted/;

/** How n8n knows that a Retry repeats it. */
const killed = ({ saved }: RunResult) => ({
	resumeToken: required(saved.data.resumeToken, 'secret of the execution'),
});

const REFUSED = { httpStatus: 400, message: 'Flagged' };

test.concurrent.each<[operation: string, parameters: PanelParameters]>([
	['generate', {}],
	['generate', { waitFor: 'parked' }],
	['generate', { additionalFields: { seed: '={{ Math.floor(Math.random() * 1e9) }}' } }],
	['submit', {}],
])(
	'submits nothing again, and says where the tasks are named: %s %o',
	scene(async ({ plan, start, retry, retryKilled, apixo }, operation, parameters) => {
		const items = prompts('one', 'two');
		const planned = plan({ operation, ...byPrompt, ...parameters }, { items });
		const first = await start(planned).result;
		expect(apixo.ledger()).toHaveLength(2);

		const refused = await retryKilled(planned, killed(first));
		expect(errorText(refused.failure)).toMatch(UNKNOWN);
		expect(errorText(refused.failure)).toMatch(/log of n8n.*Wait operation/);
		for (const workflow of [undefined, planned.workflow]) {
			const again = await retry(refused, { ...planned, workflow });
			expect(errorText(again.failure)).toMatch(UNKNOWN);
		}
		expect(apixo.ledger()).toHaveLength(2);
	}),
);

test.concurrent(
	'submits all of it if nothing had been submitted',
	scene(async ({ plan, start, retryKilled, apixo }) => {
		const rule = apixo.misbehave({ on: 'submit', do: REFUSED });
		const planned = plan(byPrompt, { items: prompts('one', 'two') });
		const first = await start(planned).result;
		rule.remove();
		const retried = await retryKilled(planned, killed(first));
		expect(retried.items('Good')).toHaveLength(2);
		expect(apixo.ledger()).toHaveLength(2);
	}),
);

describe('a batch that was killed while it was submitted', () => {
	const items = prompts('one', 'two', 'three', 'four');
	const limit = { ...byPrompt, options: { maxParallelTasks: 1 } };

	test.concurrent(
		'submits what had not begun, under Continue',
		scene(async ({ plan, start, retryKilled, apixo, charged }) => {
			const rule = apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'three' },
				do: REFUSED,
			});
			const first = await start(plan(limit, { items })).result;
			expect(paidPrompts(charged)).toEqual(['one', 'two']);
			rule.remove();
			const retried = await retryKilled(
				plan(limit, { items, settings: CONTINUE.settings }),
				killed(first),
			);
			const told = retried.items('Good').filter(({ error }) => error !== undefined);
			expect(told.map(toldBy)).toEqual(Array(2).fill(expect.stringMatching(UNKNOWN)));
			expect(paidPrompts(charged)).toEqual(['one', 'two', 'three', 'four']);
		}),
	);

	test.concurrent(
		'submits nothing under On Error = Stop',
		scene(async ({ plan, start, retryKilled, apixo, charged }) => {
			const rule = apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'three' },
				do: REFUSED,
			});
			const planned = plan(limit, { items });
			const first = await start(planned).result;
			rule.remove();
			const retried = await retryKilled(plan(byPrompt, { items }), killed(first));
			expect(errorText(retried.failure)).toMatch(UNKNOWN);
			expect(paidPrompts(charged)).toEqual(['one', 'two']);
		}),
	);
});

describe('several Retries of one execution that failed', () => {
	test.concurrent(
		'pay once',
		scene(async ({ plan, start, retry, apixo }) => {
			const rule = apixo.misbehave({ on: 'submit', do: REFUSED });
			const planned = plan();
			const failed = await start(planned).result;
			rule.remove();
			const original = { ...planned, workflow: undefined };
			expect((await retry(failed, original)).items('Good')).toHaveLength(1);
			expect(errorText((await retry(failed, original)).failure)).toMatch(UNKNOWN);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'may each try again while APIXO refuses',
		scene(async ({ plan, start, retry, apixo }) => {
			const rule = apixo.misbehave({ on: 'submit', do: REFUSED });
			const planned = plan({}, { settings: RETRY_ON_FAIL });
			const failed = await start(planned).result;
			const original = { ...planned, workflow: undefined };
			expect((await retry(failed, original)).failure.message).toMatch(/Flagged/);
			rule.remove();
			expect((await retry(failed, original)).items('Good')).toHaveLength(1);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);
});

test.concurrent(
	'a Retry with a corrected prompt that was killed does not pay again',
	scene(async ({ plan, start, retry, apixo, charged }) => {
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
		const failed = await start(plan({ prompt: 'one' })).result;
		const corrected = plan({ prompt: 'two' });
		expect((await retry(failed, corrected)).items('Good')).toHaveLength(1);
		// It was killed: n8n has what it began with, which is what the failed one left.
		expect(errorText((await retry(failed, corrected)).failure)).toMatch(UNKNOWN);
		expect(paidPrompts(charged)).toEqual(['one', 'two']);
	}),
);

test.concurrent(
	'a task that failed may be replaced by each Retry that knows it',
	scene(async ({ plan, start, retry, apixo, charged }) => {
		const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
		apixo.misbehave({ on: 'submit', times: 2, do: { fail } });
		const planned = plan({ prompt: 'one' });
		const failed = await start(planned).result;
		const original = { ...planned, workflow: undefined };
		const again = await retry(failed, original);
		expect(again.failure.message).toMatch(/Not for children/);
		expect((await retry(again, original)).items('Good')).toHaveLength(1);
		expect(paidPrompts(charged)).toEqual(['one', 'one', 'one']);
	}),
);

test.concurrent(
	'a tool is not held back: its agent may ask for the same again',
	scene(async ({ runAsTool, apixo }) => {
		await runAsTool('agent', { Prompt: 'a fox' }, {});
		await runAsTool('agent', { Prompt: 'a fox' }, {});
		expect(apixo.ledger()).toHaveLength(2);
	}),
);
