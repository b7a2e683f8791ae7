import type { IExecuteFunctions } from 'n8n-workflow';
import type { Way } from '../../../nodes/WanVideo/descriptions/waitFor.ts';
import { parkingHints } from '../../../nodes/WanVideo/wait/hints.ts';
import type { ItemState } from '../../../nodes/WanVideo/wait/record.ts';
import type { WaitJob } from '../../../nodes/WanVideo/wait/stretch.ts';
import { runOver } from '../support/run.mts';
import { standIn } from '../support/standIn.mts';

const awaited: ItemState = {
	kind: 'awaited',
	terms: { output: { simplify: true }, pace: {}, timeoutMs: 1 },
	task: { taskId: 'task_1', since: 0, deadline: 1, polls: 0 },
	isReported: true,
	heardAt: 0,
};

/** What is said of an execution with so many tasks that is parked. */
function hintsFor(way: Way, tasks: number, parts: Partial<IExecuteFunctions> = {}): string[] {
	const { run } = runOver([{}], 'stopWorkflow', {
		getMode: () => 'trigger',
		getParentNodes: () => [],
		...parts,
	});
	const items = Array.from({ length: tasks }, () => awaited);
	return parkingHints(run, standIn<WaitJob>({ way }), items);
}

test.each<[tasks: number, way: Way, hints: unknown[]]>([
	[300, 'callback', []],
	[301, 'callback', [expect.stringContaining('there will be 301')]],
	[301, 'parked', []],
])('%i tasks that are waited for by %s: many callbacks are spoken of', (tasks, way, hints) => {
	expect(hintsFor(way, tasks)).toEqual(hints);
});

test('an execution that another workflow called hears of the mode that works there', () => {
	expect(hintsFor('parked', 1, { getMode: () => 'integrated' })).toEqual([
		expect.stringContaining('Run Once With All Items'),
	]);
});
