/**
 * Runs by hand in the editor: what is unchanged is picked up from earlier ones, and samples cost
 * nothing. The judge is the emulator's ledger.
 */

import { picture } from '../support/files.mts';
import { scene, toldBy } from '../support/engine/wan.mts';
import type { PanelParameters, PlanOptions, Scene } from '../support/engine/wan.mts';
import type { RunResult } from '../support/engine/index.mts';
import { byPrompt, paidPrompts, prompts } from './batch.mts';
import { errorText } from './error-text.mts';
import { CONTINUE, ERROR_OUTPUT, FILESYSTEM } from './settings.mts';

/** What the node says beside its output. */
const hintsOf = (result: RunResult) => result.hints('Tested').map(({ message }) => message);

/** Execute step. */
const byHand = async (
	{ run }: Pick<Scene, 'run'>,
	parameters: PanelParameters = {},
	more: PlanOptions = {},
) => await run(parameters, { mode: 'manual', ...FILESYSTEM, ...more });

const idsOf = (result: RunResult) => result.items('Good').map(({ taskId }) => taskId);

const five = prompts('one', 'two', 'three', 'four', 'five');
const WATCH = expect.stringMatching(
	/^<a href="http:\/\/127\.0\.0\.1:\d+\/[^"<>]+" target="_blank">Watch the video<\/a>$/,
);
const WATCH_FIVE = expect.stringMatching(/^Watch the videos: <a [^>]+>item 0<\/a>, .*item 4<\/a>$/);
const randomSeed = { additionalFields: { seed: '={{ Math.floor(Math.random() * 1e9) }}' } };
const off = { options: { reuseInTestRuns: false } };

const WATCHED = expect.stringContaining('>Watch the video</a>');

describe.each(['generate', 'submit'])('a test run of %s', (operation) => {
	test.concurrent(
		'picks up what an earlier one paid for, although its expressions give something else',
		scene(async (tools) => {
			const first = await byHand(tools, { operation, ...randomSeed });
			const second = await byHand(tools, { operation, ...randomSeed });
			expect(idsOf(second)).toEqual(idsOf(first));
			expect(tools.apixo.ledger()).toHaveLength(1);
			const [{ taskId }] = tools.apixo.ledger();
			expect(hintsOf(second)).toEqual([
				`Picked up from earlier test runs, and not paid again: ${taskId} [item 0]. For new videos, change the prompt, or add Reuse In Test Runs in Options and switch it off`,
				...(operation === 'generate' ? [WATCH] : []),
			]);
		}),
	);

	test.concurrent(
		'pays again where the option is off, and the new video is the one that is picked up later',
		scene(async (tools) => {
			await byHand(tools, { operation });
			const second = await byHand(tools, { operation, ...off });
			const third = await byHand(tools, { operation });
			expect(tools.apixo.ledger()).toHaveLength(2);
			expect(idsOf(third)).toEqual(idsOf(second));
		}),
	);

	test.concurrent(
		'with a sample costs nothing, and says so',
		scene(async (tools) => {
			const options = { sampleInTestRuns: true };
			const result = await byHand(tools, { operation, ...byPrompt, options }, { items: five });
			expect(result.items('Good')).toHaveLength(5);
			const state = operation === 'generate' ? 'success' : 'pending';
			for (const item of result.items('Good')) {
				expect(item).toMatchObject({ sample: true, state, estimatedCostUsd: 0.5 });
			}
			expect(new Set(idsOf(result)).size).toBe(5);
			expect(hintsOf(result)).toEqual([
				expect.stringMatching(/^Sample video: .* \[items 0, 1, 2, 3, 4\]$/),
				...(operation === 'generate' ? [WATCH_FIVE] : []),
			]);
			expect(tools.apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'with a sample keeps to Max Cost and to the checks as in earnest',
		scene(async (tools) => {
			const options = { sampleInTestRuns: true, maxCost: 2.49 };
			const dear = await byHand(tools, { operation, ...byPrompt, options }, { items: five });
			expect(errorText(dear.failure)).toContain('Max Cost');
			const wrong = await byHand(tools, { operation, prompt: '={{ "" }}', options });
			expect(errorText(wrong.failure)).toContain('Prompt is empty');
			const poor = { sampleInTestRuns: true, keepBalance: 99.6 };
			const refused = await byHand(tools, { operation, options: poor });
			expect(errorText(refused.failure)).toContain('Keep Balance Above');
		}),
	);

	test.concurrent.each(['trigger', 'webhook', 'integrated'] as const)(
		'is none in the mode "%s": that pays for its own videos, whatever test runs paid for',
		scene(async (tools, mode) => {
			await byHand(tools, { operation });
			const options = { sampleInTestRuns: true };
			const [first, second] = [
				await tools.run({ operation, options }, { mode, ...FILESYSTEM }),
				await tools.run({ operation, options }, { mode, ...FILESYSTEM }),
			];
			expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(2);
			expect(tools.apixo.ledger()).toHaveLength(3);
			// Nor does a test run take what was made in earnest.
			await byHand(tools, { operation });
			expect(tools.apixo.ledger()).toHaveLength(3);
			expect(JSON.stringify(first.items('Good'))).not.toContain('sample');
		}),
	);
});

describe('a test run', () => {
	test.concurrent(
		'of a batch of five with one refused pays for that one alone when it is run again',
		scene(async (tools) => {
			const { apixo, charged } = tools;
			const refuse = { httpStatus: 400, message: 'Flagged' };
			const match = { promptIncludes: 'three' };
			const rule = apixo.misbehave({ on: 'submit', match, do: refuse });
			await byHand(tools, byPrompt, { items: five });
			rule.remove();
			const again = await byHand(tools, byPrompt, { items: five });
			expect(again.items('Good')).toHaveLength(5);
			expect(paidPrompts(charged).sort()).toEqual(['five', 'four', 'one', 'three', 'two']);
			expect(hintsOf(again).at(-2)).toBe(
				'Submitted 1 video: 5 seconds, about $0.50. Picked up 4 that were paid before',
			);
		}),
	);

	test.concurrent(
		'does not count what makes no request: Download, Timeout, On Error, the way to wait',
		scene(async (tools) => {
			await byHand(tools, randomSeed);
			const changed = { ...randomSeed, download: true, options: { timeout: 7 } };
			const result = await byHand(tools, changed, ERROR_OUTPUT);
			expect(result.fullItems('Good')[0].binary).toHaveProperty('data');
			expect(tools.apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'finds an equal request behind a changed input item, too',
		scene(async (tools) => {
			await byHand(tools, byPrompt, { items: [{ prompt: 'one' }] });
			await byHand(tools, byPrompt, { items: [{ prompt: 'one', row: 7 }] });
			expect(tools.apixo.ledger()).toHaveLength(1);
			await byHand(tools, byPrompt, { items: [{ prompt: 'two', row: 7 }] });
			expect(tools.apixo.ledger()).toHaveLength(2);
		}),
	);

	test.concurrent(
		'knows the same picture of an item, although its address is signed anew, and another one',
		scene(async (tools) => {
			const image = { mode: 'image-to-video', imageSource: 'binary' };
			for (const shade of [7, 7, 8]) {
				await byHand(tools, image, { files: [{ data: picture(shade) }] });
			}
			expect(tools.apixo.ledger()).toHaveLength(2);
		}),
	);

	test.concurrent(
		'with three equal items makes three videos, and the next one picks up these three, in order',
		scene(async (tools) => {
			const items = prompts('one', 'one', 'one');
			const first = await byHand(tools, byPrompt, { items });
			expect(new Set(idsOf(first)).size).toBe(3);
			const second = await byHand(tools, byPrompt, { items: [...items, ...items] });
			expect(idsOf(second).slice(0, 3)).toEqual(idsOf(first));
			expect(new Set(idsOf(second)).size).toBe(6);
			expect(tools.apixo.ledger()).toHaveLength(6);
		}),
	);

	test.concurrent(
		'does not pick up a task that failed, or that APIXO does not know any more',
		scene(async (tools) => {
			const { apixo } = tools;
			const fail = { failCode: 'GENERATION_FAILED', failMsg: 'Out of luck' };
			apixo.misbehave({ on: 'submit', times: 1, do: { fail } });
			await byHand(tools, { operation: 'submit' });
			await byHand(tools);
			expect(apixo.ledger()).toHaveLength(2);
			apixo.reset();
			await byHand(tools);
			expect(apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'submits nothing while APIXO does not tell what became of the task',
		scene(async (tools) => {
			await byHand(tools);
			tools.apixo.misbehave({ on: 'status', do: { httpStatus: 403 } });
			const result = await byHand(tools, {}, CONTINUE);
			expect(toldBy(result.items('Good')[0])).toContain(tools.apixo.ledger()[0].taskId);
			expect(tools.apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'does not take a submission of unknown outcome for a task',
		scene(async (tools) => {
			tools.apixo.misbehave({ on: 'submit', times: 1, do: { loseAnswer: true } });
			const lost = await byHand(tools);
			expect(errorText(lost.failure)).toContain('may');
			const result = await byHand(tools);
			expect(idsOf(result)).toEqual([tools.apixo.ledger()[1].taskId]);
		}),
	);

	test.concurrent(
		'counts what it picks up neither against Max Cost nor against the balance',
		scene(async (tools) => {
			await byHand(tools, byPrompt, { items: five });
			const options = { maxCost: 0.1, keepBalance: 97.4 };
			const result = await byHand(tools, { ...byPrompt, options }, { items: five });
			expect(result.items('Good')).toHaveLength(5);
			const more = await byHand(tools, { ...byPrompt, options }, { items: prompts('six') });
			expect(errorText(more.failure)).toContain('Max Cost');
			expect(tools.apixo.ledger()).toHaveLength(5);
		}),
	);

	test.concurrent(
		'that ends with a failure tells in its error what it came to: hints would be lost',
		scene(async (tools) => {
			const { apixo } = tools;
			const refuse = { httpStatus: 400, message: 'Flagged' };
			apixo.misbehave({ on: 'submit', match: { promptIncludes: 'three' }, do: refuse });
			const options = { maxParallelTasks: 1 };
			const result = await byHand(tools, { ...byPrompt, options }, { items: five });
			expect(hintsOf(result)).toEqual([]);
			expect(result.failure.description).toContain('Submitted 2 videos: 10 seconds, about $1.00.');
		}),
	);
});

describe('a sample', () => {
	const options = { sampleInTestRuns: true };

	test.concurrent(
		'has a file that is a video, where Download Video is on',
		scene(async (tools) => {
			const result = await byHand(tools, { options, download: true });
			const [item] = result.fullItems('Good');
			expect(item.binary?.data).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4' });
			const bytes = await result.binary(item);
			expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
			expect(item.json.videoUrl).toMatch(/^https:\/\/.*\.mp4$/);
		}),
	);

	test.concurrent.each(['get', 'wait'])(
		'is known to %s in test runs, for free, and to nobody in production',
		scene(async (tools, operation) => {
			const submitted = await byHand(tools, { operation: 'submit', options });
			const [taskId] = idsOf(submitted);
			const found = await byHand(tools, { operation, taskId, download: true });
			expect(found.items('Good')).toMatchObject([{ taskId, state: 'success', sample: true }]);
			expect(found.fullItems('Good')[0].binary).toHaveProperty('data');
			expect(hintsOf(found)).toEqual([expect.stringMatching(/^Sample video/), WATCHED]);
			const inEarnest = await tools.run({ operation, taskId }, FILESYSTEM);
			expect(errorText(inEarnest.failure)).toContain('only test runs know');
			expect(tools.apixo.requests()).toEqual([]);
		}),
	);

	test.concurrent(
		'is not waited for, whichever way was chosen, nor taken for a real one later',
		scene(async (tools) => {
			const parked = await byHand(tools, { options, waitFor: 'parked' });
			expect(parked.items('Good')).toMatchObject([{ sample: true }]);
			const real = await byHand(tools);
			expect(real.items('Good')[0]).not.toHaveProperty('sample');
			expect(tools.apixo.ledger()).toHaveLength(1);
		}),
	);

	test.concurrent(
		'stays one when the execution is retried after a failure',
		scene(async (tools) => {
			const limited = { ...options, maxCost: 0.1 };
			const failed = await byHand(tools, { options: limited });
			const plan = tools.plan({ options }, FILESYSTEM);
			const again = await tools.retry(failed, plan);
			expect(again.items('Good')).toMatchObject([{ sample: true }]);
			expect(tools.apixo.ledger()).toEqual([]);
		}),
	);
});
