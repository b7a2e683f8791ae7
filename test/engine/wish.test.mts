/**
 * An item is known by what it was made from, whatever its expressions give at each try: the judge is
 * the emulator's ledger. See also never-twice.test.mts.
 */

import type { INodeParameters } from 'n8n-workflow';
import { inLoop } from '../support/engine/index.mts';
import { scene, type WanPlan } from '../support/engine/wan.mts';
import { byPrompt, paidPrompts, prompts } from './batch.mts';
import { errorText } from './error-text.mts';
import { CONTINUE, RETRY_ON_FAIL } from './settings.mts';

/** The image of a mode that has one; a test image must not be fetched, so its host may be any. */
const image = (imageUrl: string) => ({ mode: 'image-to-video', imageUrl });

/** Parameters that give something else each time they are evaluated. */
const VOLATILE: Array<[what: string, parameters: INodeParameters]> = [
	['a random seed', { additionalFields: { seed: '={{ Math.floor(Math.random() * 1e9) }}' } }],
	['the time in the prompt', { prompt: '={{ "a fox at " + $now.toMillis() + Math.random() }}' }],
	['an image that is signed anew', image('=https://files.example/a.png?t={{ Math.random() }}')],
	['a random duration', { duration: '={{ 2 + Math.floor(Math.random() * 14) }}' }],
];

/** Gives up at once, although the task goes on. */
const impatient = { timeout: 0.0001 };

describe.each(VOLATILE)('with %s', (_what, volatile) => {
	test.concurrent(
		'Retry On Fail pays once, however often the wait ends too early',
		scene(
			async ({ run, apixo }) => {
				await run({ ...volatile, options: impatient }, { settings: RETRY_ON_FAIL });
				expect(apixo.ledger()).toHaveLength(1);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'Retry of the execution pays once, with the original and with the current workflow',
		scene(
			async ({ run, plan, retry, apixo }) => {
				const failed = await run({ ...volatile, options: impatient });
				const original = { ...plan(), workflow: undefined };
				const again = await retry(failed, original);
				await retry(again, plan({ ...volatile, options: { timeout: 0.0002 } }));
				expect(apixo.ledger()).toHaveLength(1);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'a submission of unknown outcome is not repeated',
		scene(async ({ run, apixo }) => {
			apixo.misbehave({ on: 'submit', times: 1, do: { loseAnswer: true } });
			const { failure } = await run(volatile, { settings: RETRY_ON_FAIL });
			expect(errorText(failure)).toContain('may');
			expect(apixo.requests({ kind: 'submit' })).toHaveLength(1);
		}),
	);
});

describe('an item that cannot be read at a later try', () => {
	const UNREADABLE: Array<[what: string, prompt: string]> = [
		['an expression that throws', '={{ $("Nowhere").item.json.text }}'],
		['an empty prompt', '={{ $json.nothing }}'],
	];

	test.concurrent.each(UNREADABLE)(
		'does not hide the task that is paid: %s, under Stop',
		scene(
			async ({ run, plan, retry, apixo }, _what, prompt) => {
				const items = prompts('one', 'two');
				const failed = await run({ ...byPrompt, options: impatient }, { items });
				const { failure } = await retry(failed, plan({ prompt }, { items }));
				const text = errorText(failure);
				for (const { taskId } of apixo.ledger()) expect(text).toContain(`(task ${taskId})`);
				expect(text).toContain('An earlier try of this item paid for its task');
				expect(apixo.ledger()).toHaveLength(2);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent.each(UNREADABLE)(
		'does not hide the task that is paid: %s, under Continue',
		scene(
			async ({ run, plan, retry, apixo }, _what, prompt) => {
				const failed = await run({ options: impatient });
				const result = await retry(failed, plan({ prompt }, CONTINUE));
				const [{ taskId }] = apixo.ledger();
				expect(result.items('Good')).toMatchObject([{ details: { taskId } }]);
				expect(apixo.ledger()).toHaveLength(1);
			},
			{ generationMs: 60_000 },
		),
	);

	test.concurrent(
		'names no task if nothing was paid for it',
		scene(async ({ run, plan, retry, apixo }) => {
			apixo.misbehave({ on: 'submit', times: 1, do: { httpStatus: 400, message: 'Flagged' } });
			const failed = await run();
			const { failure } = await retry(failed, plan({ prompt: '' }));
			expect(errorText(failure)).not.toContain('An earlier try');
		}),
	);
});

test.concurrent(
	'of five items with random seeds only the one that failed at APIXO is paid again',
	scene(async ({ run, apixo }) => {
		const fail = { failCode: 'GENERATION_FAILED', failMsg: 'Out of luck' };
		apixo.misbehave({ on: 'submit', match: { promptIncludes: 'three' }, times: 1, do: { fail } });
		const additionalFields = { seed: '={{ Math.floor(Math.random() * 1e9) }}' };
		const items = prompts('one', 'two', 'three', 'four', 'five');
		const result = await run({ ...byPrompt, additionalFields }, { items, settings: RETRY_ON_FAIL });
		expect(result.items('Good')).toHaveLength(5);
		expect(apixo.ledger()).toHaveLength(6);
	}),
);

test.concurrent(
	'who mends the prompt of one item of five does not pay for the other four',
	scene(async ({ run, plan, retry, apixo, charged }) => {
		const rule = apixo.misbehave({
			on: 'submit',
			match: { promptIncludes: 'three' },
			do: { httpStatus: 400, message: 'Flagged' },
		});
		const items = prompts('one', 'two', 'three', 'four', 'five');
		const failed = await run(byPrompt, { items });
		rule.remove();
		const mended = { prompt: '={{ $json.prompt.replace("three", "3") }}' };
		const result = await retry(failed, plan(mended, { items }));
		expect(result.items('Good')).toHaveLength(5);
		expect(paidPrompts(charged).sort()).toEqual(['3', 'five', 'four', 'one', 'two']);
	}),
);

test.concurrent(
	'parameters that do not make the request are no part of it',
	scene(async ({ run, plan, retry, apixo }) => {
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
		const additionalFields = { seed: '={{ Math.floor(Math.random() * 1e9) }}' };
		const failed = await run({ additionalFields });
		const options = { timeout: 7, simplify: false };
		const changed = plan({ additionalFields, download: true, options }, CONTINUE);
		expect((await retry(failed, changed)).items('Good')).toMatchObject([{ state: 'success' }]);
		expect(apixo.ledger()).toHaveLength(1);
	}),
);

test.concurrent(
	'where panel and request both differ it is a new wish',
	scene(async ({ run, plan, retry, apixo, charged }) => {
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
		const failed = await run({ prompt: 'one' });
		await retry(failed, plan({ prompt: 'two' }));
		expect(paidPrompts(charged)).toEqual(['one', 'two']);
	}),
);

test.concurrent(
	'in a loop, Retry goes on with the round that failed and pays for no round again',
	scene(async ({ plan, start, retry, apixo, charged }) => {
		const match = { promptIncludes: 'two' };
		apixo.misbehave({ on: 'status', match, times: 1, do: { httpStatus: 403 } });
		const additionalFields = { seed: '={{ Math.floor(Math.random() * 1e9) }}' };
		const planned = plan(
			{ ...byPrompt, additionalFields },
			{ items: prompts('one', 'two', 'three') },
		);
		const looped = { ...planned, workflow: inLoop(planned.workflow, 1) };
		const failed = await start(looped).result;
		expect(paidPrompts(charged)).toEqual(['one', 'two']);
		expect((await retry(failed, looped)).items('Loop')).toHaveLength(3);
		expect(paidPrompts(charged)).toEqual(['one', 'two', 'three']);
	}),
);

test.concurrent(
	'two executions of a workflow that ask for the same at the same time get a video each',
	scene(
		async ({ plan, start, apixo }) => {
			const planned = plan();
			const results = await Promise.all([start(planned).result, start(planned).result]);
			const taskIds = results.map((result) => result.items('Good')[0].taskId);
			expect(apixo.ledger()).toHaveLength(2);
			expect(new Set(taskIds).size).toBe(2);
		},
		{ generationMs: 300 },
	),
);

describe('Max Cost (USD) in an execution that comes to the node twice', () => {
	/** Source → Tested, and Source → Again → Tested: two runs of the node. */
	function twice({ workflow, ...plan }: WanPlan): WanPlan {
		const link = (node: string) => ({ node, type: 'main' as const, index: 0 });
		const [, , good] = workflow.nodes;
		const nodes = [...workflow.nodes, { ...good, id: 'id-Again', name: 'Again' }];
		const connections = {
			...workflow.connections,
			Source: { main: [[link('Tested'), link('Again')]] },
			Again: { main: [[link('Tested')]] },
		};
		return { ...plan, workflow: { ...workflow, nodes, connections } };
	}

	test.concurrent.each([
		[0.99, 1],
		[1, 2],
	])(
		'of %d lets %d of two videos for $0.50 through',
		scene(async ({ plan, start, apixo }, maxCost, paid) => {
			const result = await start(twice(plan({ options: { maxCost } }, CONTINUE))).result;
			expect(result.taskData('Tested')).toHaveLength(2);
			expect(apixo.ledger()).toHaveLength(paid);
		}),
	);
});

test.concurrent(
	'a failure in a called workflow says which execution to retry, and that its caller would pay again',
	scene(async ({ run, apixo }) => {
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
		const called = await run({}, { mode: 'integrated' });
		expect(called.failure.description).toMatch(
			/retry execution \d+\. Retrying the workflow that called/,
		);
		apixo.misbehave({ on: 'status', times: 1, do: { httpStatus: 403 } });
		expect((await run()).failure.description).not.toMatch(/called/);
	}),
);
