import { type INode, NodeOperationError } from 'n8n-workflow';
import { type Result, err, finalFailure, ok } from '../../../nodes/apixo/result.ts';
import { type ItemWork, runItems } from '../../../nodes/WanVideo/run/items.ts';
import type { Run } from '../../../nodes/WanVideo/run/run.ts';
import { fakeClock } from '../support/clock.mts';
import { runOver } from '../support/run.mts';

type Work = ItemWork<object>['work'];

const THREE = [{}, {}, {}];
const BROKEN = 'The work on this item ended unexpectedly: broken';

const operation = (work: Work, more: Partial<ItemWork<object>> = {}): ItemWork<object> => ({
	prepare: () => ok({}),
	limit: () => 3,
	work,
	...more,
});

const made = (item: number): Result<{ json: { item: number } }> => ok({ json: { item } });
const good = (item: number) => ({ json: { item }, pairedItem: { item } });

/** Pays for a task for each item, and throws for the second one. */
const breakingAtTheSecond =
	(run: Run): Work =>
	async (_, item) => {
		run.paid(item, `task_${item}`);
		await null;
		if (item === 1) throw new Error('broken');
		return made(item);
	};

describe('work that throws for one item', () => {
	test('costs the others nothing under On Error = Continue, and names the task', async () => {
		const { run } = runOver(THREE, 'continueRegularOutput');
		expect(await runItems(run, operation(breakingAtTheSecond(run)))).toEqual([
			good(0),
			{
				json: {
					error: `${BROKEN} (task task_1) [item 1]`,
					details: { taskId: 'task_1', hint: expect.stringContaining('stays paid') },
				},
				pairedItem: { item: 1 },
			},
			good(2),
		]);
	});

	test('goes to the error output where there is one', async () => {
		const { run } = runOver(THREE, 'continueErrorOutput');
		const [first, failed] = await runItems(run, operation(breakingAtTheSecond(run)));
		expect(first).not.toHaveProperty('error');
		expect(failed.json.details).toMatchObject({ taskId: 'task_1' });
		expect(failed.error?.message).toBe(`${BROKEN} (task task_1) [item 1]`);
	});

	test('says so where nothing was paid for', async () => {
		const { run } = runOver([{}], 'continueRegularOutput');
		const work = async () => await Promise.reject<never>('broken');
		expect(await runItems(run, operation(work))).toEqual([
			{
				json: {
					error: `${BROKEN} [item 0]`,
					details: { hint: 'Please report this to the makers of the node.' },
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('names a task that an earlier try paid for', async () => {
		const { run } = runOver([{}], 'continueRegularOutput');
		const work = async () => await Promise.reject<never>(new Error('broken'));
		const more = { earlierTaskId: () => 'task_earlier' };
		const [failed] = await runItems(run, operation(work, more));
		expect(failed.json.details).toMatchObject({ taskId: 'task_earlier' });
	});

	test('ends the node under On Error = Stop, with every task that was paid for', async () => {
		const { run } = runOver(THREE);
		const error = await runItems(run, operation(breakingAtTheSecond(run))).then(
			() => undefined,
			(thrown: unknown) => thrown,
		);
		if (!(error instanceof NodeOperationError)) throw new Error('It ends in another way');
		expect(error.message).toBe(`${BROKEN} (task task_1) [item 1]`);
		expect(error.context.details).toMatchObject({ taskId: 'task_1' });
		expect(error.description).toContain('task_0 [item 0], task_2 [item 2]');
		expect(run.signal.aborted).toBe(true);
	});
});

describe('a message names its item', () => {
	const NAMES: Array<
		[what: string, parameters: Record<string, unknown>, round: number, name: string]
	> = [
		['by the start of its prompt', { prompt: 'fox in the snow' }, 0, 'item 0: "fox in the snow"'],
		[
			'in one line, cut short',
			{ prompt: `fox\n${'w'.repeat(90)}` },
			0,
			`item 0: "fox ${'w'.repeat(35)}…"`,
		],
		['by the style of a storyboard', { shotsStyle: 'Ink' }, 0, 'item 0: "Ink"'],
		['by its number alone, without a prompt', { prompt: ' ' }, 0, 'item 0'],
		['by its number alone, where the prompt is no text', { prompt: 7 }, 0, 'item 0'],
		['with the round of a loop', { prompt: 'fox' }, 2, 'item 0: "fox", round 3'],
	];

	test.each(NAMES)('%s', async (_, parameters, round, name) => {
		const { run } = runOver([parameters], 'continueRegularOutput', {}, fakeClock(), round);
		const work = async () => err(finalFailure('No', 'Mend it.'));
		const [{ json }] = await runItems(run, operation(work));
		expect(json.error).toBe(`No [${name}]`);
	});

	test('by its number alone, where an expression of the prompt cannot be resolved', async () => {
		const getNodeParameter = () => {
			throw new Error('$json.x is not there');
		};
		const { run } = runOver([{}], 'continueRegularOutput', { getNodeParameter });
		const work = async () => err(finalFailure('No', 'Mend it.'));
		const [{ json }] = await runItems(run, operation(work));
		expect(json.error).toBe('No [item 0]');
	});

	test('also where it stops the node, with all that is paid and where Retry is', async () => {
		const { run } = runOver([{ prompt: 'fox' }, { prompt: 'owl' }, { prompt: 'elk' }]);
		const running = runItems(run, operation(breakingAtTheSecond(run)));
		await expect(running).rejects.toMatchObject({
			message: `${BROKEN} (task task_1) [item 1: "owl"]`,
			description: expect.stringMatching(
				/task_0 \[item 0: "fox"\], task_2 \[item 2: "elk"\].*Executions tab.*"Execute step".*new run/,
			),
		});
	});
});

describe('an item that is refused', () => {
	const prepare: ItemWork<object>['prepare'] = (reader) => {
		if (reader.item === 1) reader.fault('Prompt is empty');
		return reader.result({});
	};
	const work: Work = async (_, item) => made(item);

	test('says that no other was submitted either, where it stops the node', async () => {
		const { run } = runOver(THREE);
		await expect(runItems(run, operation(work, { prepare }))).rejects.toMatchObject({
			description: expect.stringMatching(
				/^Nothing was submitted, neither this item nor the others\./,
			),
		});
	});

	test('speaks for itself alone, where the others go on', async () => {
		const { run } = runOver(THREE, 'continueRegularOutput');
		const [, { json }] = await runItems(run, operation(work, { prepare }));
		expect(json.details).toMatchObject({
			hint: expect.stringMatching(/^Nothing was submitted for this item\./),
		});
	});
});

test('each task that is paid for is logged, with item and execution', async () => {
	const { run, lines } = runOver([{}]);
	await runItems(
		run,
		operation(async (_, item) => {
			run.paid(item, 'task_1');
			return made(item);
		}),
	);
	expect(lines).toEqual(['Wan Video task task_1 [item 0] is paid for and under way (execution 1)']);
});

describe('an item that cannot be read', () => {
	const prepare: ItemWork<object>['prepare'] = ({ item }) => {
		if (item === 1) throw new Error('$json.x is not there');
		return ok({});
	};

	test('is one failed item under On Error = Continue', async () => {
		const { run } = runOver(THREE, 'continueRegularOutput');
		const items = await runItems(
			run,
			operation(async (_, item) => made(item), { prepare }),
		);
		expect([items[0], items[2]]).toEqual([good(0), good(2)]);
		expect(items[1].json.error).toBe('$json.x is not there [item 1]');
	});

	test('ends the node under On Error = Stop, before any work', async () => {
		const { run } = runOver(THREE);
		const work = jest.fn();
		const running = runItems(run, operation(work, { prepare }));
		await expect(running).rejects.toThrow('$json.x is not there [item 1]');
		expect(work).not.toHaveBeenCalled();
	});
});

describe('a check that takes time', () => {
	const refuse = async () => finalFailure('too expensive', 'Raise the limit.');

	/** Finds something wrong with the second item. */
	const check: ItemWork<object>['check'] = async (plan, reader) => {
		await null;
		reader.hints.push('It is slow');
		if (reader.item === 1) reader.fault('Image URL is a web page');
		return reader.result(plan);
	};

	test('is done for all items, some at once, before any work and any refusal', async () => {
		const { run } = runOver(Array(30).fill({}));
		const order: string[] = [];
		let [underWay, most] = [0, 0];
		const more: Partial<ItemWork<object>> = {
			async check(plan) {
				most = Math.max(most, (underWay += 1));
				await new Promise(setImmediate);
				underWay -= 1;
				order.push('check');
				return ok(plan);
			},
			async refuse() {
				order.push('refuse');
				return undefined;
			},
		};
		await runItems(
			run,
			operation(async (_, item) => {
				order.push('work');
				return made(item);
			}, more),
		);
		const times = (name: string, count: number) => Array<string>(count).fill(name);
		expect(order).toEqual([...times('check', 30), 'refuse', ...times('work', 30)]);
		expect(most).toBe(10);
	});

	test('ends the node under On Error = Stop, before any work', async () => {
		const { run, hints } = runOver(THREE);
		const work = jest.fn();
		const running = runItems(run, operation(work, { check, refuse }));
		await expect(running).rejects.toThrow('Image URL is a web page [item 1]');
		expect(work).not.toHaveBeenCalled();
		expect(hints).toEqual(['It is slow [items 0, 2]']);
	});

	test('fails its item alone under On Error = Continue', async () => {
		const { run } = runOver(THREE, 'continueRegularOutput');
		const items = await runItems(
			run,
			operation(async (_, item) => made(item), { check }),
		);
		expect([items[0], items[2]]).toEqual([good(0), good(2)]);
		expect(items[1].json.error).toBe('Image URL is a web page [item 1]');
	});

	test('that throws fails its item alone', async () => {
		const { run } = runOver([{}], 'continueRegularOutput');
		const work = jest.fn();
		const broken = async () => await Promise.reject<never>(new Error('broken'));
		const [failed] = await runItems(run, operation(work, { check: broken }));
		expect(failed.json.error).toBe(`${BROKEN} [item 0]`);
		expect(work).not.toHaveBeenCalled();
	});

	test('is not done where an item is refused already, or was paid for by an earlier try', async () => {
		const checked = jest.fn(check);
		const work: Work = async (_, item) => made(item);
		const { run } = runOver(THREE);
		const prepare: ItemWork<object>['prepare'] = (reader) => {
			if (reader.item === 2) reader.fault('Prompt is empty');
			return reader.result({});
		};
		const refused = runItems(run, operation(work, { prepare, check: checked }));
		await expect(refused).rejects.toThrow('Prompt is empty [item 2]');
		const retried = runOver(THREE).run;
		await runItems(
			retried,
			operation(work, { check: checked, earlierTaskId: (_, item) => `task_${item}` }),
		);
		expect(checked).not.toHaveBeenCalled();
	});

	test('is not begun any more once the execution is stopped', async () => {
		const { run } = runOver(Array(30).fill({}), 'continueRegularOutput');
		const checked = jest.fn(async (plan: object) => {
			run.stop();
			await null;
			return ok(plan);
		});
		const work = jest.fn();
		await runItems(run, operation(work, { check: checked }));
		expect(checked).toHaveBeenCalledTimes(1);
		expect(work).not.toHaveBeenCalled();
	});
});

const SETTINGS: Array<[NonNullable<INode['onError']>]> = [
	['stopWorkflow'],
	['continueRegularOutput'],
];

test.each(SETTINGS)(
	'a refusal of the whole run means no work at all, under %s',
	async (onError) => {
		const { run } = runOver(THREE, onError);
		const work = jest.fn();
		const refuse = async () => finalFailure('too expensive', 'Raise the limit.');
		const running = runItems(run, operation(work, { refuse }));
		if (onError === 'stopWorkflow') await expect(running).rejects.toThrow('too expensive');
		else {
			const errors = (await running).map(({ json }) => json.error);
			expect(errors).toEqual([0, 1, 2].map((item) => `too expensive [item ${item}]`));
		}
		expect(work).not.toHaveBeenCalled();
	},
);

/** What is shown of a hint of each of eight items. */
async function shownOf(hintOf: (item: number) => string): Promise<string[]> {
	const { run, hints } = runOver(Array(8).fill({}));
	const prepare: ItemWork<object>['prepare'] = (reader) => {
		reader.hints.push(hintOf(reader.item));
		return ok({});
	};
	await runItems(
		run,
		operation(async (_, item) => made(item), { prepare }),
	);
	return hints;
}

describe('hints about items', () => {
	test('are shown, each with its item, and no more than fit', async () => {
		const hints = await shownOf((item) => `The prompt has ${item} characters`);
		expect(hints).toHaveLength(6);
		expect(hints[0]).toBe('The prompt has 0 characters [item 0]');
		expect(hints[5]).toBe('And 3 more such hints');
	});

	test('that are equal are one hint, with all of its items', async () => {
		expect(await shownOf((item) => (item === 1 ? 'Other' : 'The prompt is long'))).toEqual([
			'The prompt is long [items 0, 2, 3, 4, 5, 6, 7]',
			'Other [item 1]',
		]);
	});
});
