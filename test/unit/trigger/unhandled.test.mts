import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';
import { unhandled } from '../../../nodes/WanVideo/trigger/unhandled.ts';
import { standIn } from '../support/standIn.mts';

interface Circumstances {
	executionId?: string;
	mode?: WorkflowExecuteMode;
	deduplicate?: boolean;
	state?: string;
	fails?: boolean;
}

/** How many items go on, where n8n has noted `known`. */
async function itemsOf(
	known: Set<string>,
	{ executionId = '1', mode = 'webhook', fails = false, state, deduplicate }: Circumstances = {},
): Promise<number> {
	const helpers = standIn<IExecuteFunctions['helpers']>({
		async checkProcessedAndRecord(items) {
			if (fails) throw new Error('The database is locked');
			const processed = items.filter((item) => known.has(String(item)));
			for (const item of items) known.add(String(item));
			return { new: [], processed };
		},
	});
	const context = standIn<IExecuteFunctions>({
		getExecutionId: () => executionId,
		getInputData: () => [{ json: { taskId: 'task_1', state: state ?? 'success' } }],
		getMode: () => mode,
		getNodeParameter: ((): unknown => ({ deduplicate })) as IExecuteFunctions['getNodeParameter'],
		helpers,
		logger: standIn<IExecuteFunctions['logger']>({ warn() {} }),
	});
	return (await unhandled(context)).length;
}

test.each<[title: string, second: Circumstances, items: number]>([
	['by another execution is dropped', {}, 0],
	['with another outcome goes on', { state: 'failed' }, 1],
	['by the same execution, begun again by another worker, goes on', { executionId: '1' }, 1],
	['by a Retry goes on', { mode: 'retry' }, 1],
	['by a test run goes on', { mode: 'manual' }, 1],
	['where Deduplicate is off goes on', { deduplicate: false }, 1],
	['while the database fails goes on', { fails: true }, 1],
])('a report that comes again %s', async (_title, second, items) => {
	const known = new Set<string>();
	expect(await itemsOf(known)).toBe(1);
	expect(await itemsOf(known, { executionId: '2', ...second })).toBe(items);
});
