import type { IExecuteFunctions } from 'n8n-workflow';
import { Journal } from '../../../nodes/WanVideo/tasks/journal.ts';
import { fakeClock } from '../support/clock.mts';
import { NODE } from '../support/contexts.mts';
import { standIn } from '../support/standIn.mts';

interface Circumstances {
	mode?: 'retry' | 'trigger';
	isSure?: boolean;
	/** whether n8n's helper throws, each time or once */
	fails?: boolean | 'once';
}

/** n8n's table: reads all and writes it back, so that two at once lose what one of them wrote. */
class Table {
	entries: string[] = [];
	writes = 0;
	/** How many of the next writes another process overwrites. */
	losesNext = 0;

	async change(fails: boolean, change: (before: string[]) => string[]): Promise<string[]> {
		const before = [...this.entries];
		await new Promise((resolve) => setImmediate(resolve));
		if (fails) throw new Error('UNIQUE constraint failed');
		this.writes += 1;
		this.entries = this.losesNext-- > 0 ? before : [...new Set(change(before))];
		return before;
	}
}

function journalIn(table: Table, { mode = 'trigger', isSure = true, fails }: Circumstances = {}) {
	const warnings: string[] = [];
	let left = fails === 'once' ? 1 : fails === true ? Infinity : 0;
	const helpers = standIn<IExecuteFunctions['helpers']>({
		async checkProcessedAndRecord(items) {
			const before = await table.change(left-- > 0, (all) => [...all, ...items.map(String)]);
			return { new: [], processed: items.filter((item) => before.includes(String(item))) };
		},
		async removeProcessed(items) {
			await table.change(left-- > 0, (all) => all.filter((entry) => !items.includes(entry)));
		},
	});
	const context = standIn<IExecuteFunctions>({
		getMode: () => mode,
		getNode: () => NODE,
		getWorkflow: () => ({ id: 'workflow', active: true }),
		helpers,
		logger: standIn<IExecuteFunctions['logger']>({ warn: (text) => void warnings.push(text) }),
	});
	return { journal: new Journal(context, { id: 'secret', isSure }, fakeClock()), warnings };
}

test('a submission begins once', async () => {
	const table = new Table();
	expect(await journalIn(table).journal.begin('0.0.0')).toBe(true);
	expect(await journalIn(table).journal.begin('0.0.0')).toBe(false);
	expect(await journalIn(table).journal.begin('0.0.1')).toBe(true);
});

test('one that APIXO refused may begin again', async () => {
	const { journal } = journalIn(new Table());
	await journal.begin('0.0.0');
	await journal.release('0.0.0');
	expect(await journal.begin('0.0.0')).toBe(true);
});

test('many that begin at once are written together, and none is lost', async () => {
	const table = new Table();
	const { journal } = journalIn(table);
	const all = Array.from({ length: 50 }, (_, item) => `0.${item}.0`);
	await Promise.all(all.map(async (submission) => await journal.begin(submission)));
	expect(table.entries).toHaveLength(50);
	// Once, and once more to see that they stand.
	expect(table.writes).toBe(2);
});

test('executions that write at the same time lose nothing', async () => {
	const table = new Table();
	const journals = [journalIn(table), journalIn(table)];
	const begin = async (submission: string) =>
		await Promise.all(
			journals.map(async ({ journal }, of) => await journal.begin(submission + of)),
		);
	await Promise.all([
		begin('0.0.'),
		new Promise(setImmediate).then(async () => await begin('1.0.')),
	]);
	expect(table.entries).toHaveLength(4);
});

test.each([1, 2, 3])('what another process overwrote %i times is written again', async (times) => {
	const table = new Table();
	const { journal } = journalIn(table);
	table.losesNext = times;
	expect(await journal.begin('0.0.0')).toBe(true);
	expect(table.entries).not.toHaveLength(0);
	expect(await journalIn(table).journal.begin('0.0.0')).toBe(false);
});

test('a database that keeps nothing does not hold a submission for long', async () => {
	const table = new Table();
	table.losesNext = Infinity;
	expect(await journalIn(table).journal.begin('0.0.0')).toBe(true);
	expect(table.writes).toBeLessThan(10);
});

test('a lineage that others may have, too, holds back Retries alone', async () => {
	const table = new Table();
	const unsure = { isSure: false };
	await journalIn(table, unsure).journal.begin('0.0.0');
	expect(await journalIn(table, unsure).journal.begin('0.0.0')).toBe(true);
	expect(await journalIn(table, { ...unsure, mode: 'retry' }).journal.begin('0.0.0')).toBe(false);
});

test('a Retry learns what had begun, and leaves the rest as it was', async () => {
	const table = new Table();
	await journalIn(table).journal.begin('0.0.0');
	const asked = ['0.0.0', '0.1.0'];
	const retry = journalIn(table, { mode: 'retry' }).journal;
	expect(await retry.begunBefore(asked)).toEqual(new Set(['0.0.0']));
	expect(await retry.begin('0.1.0')).toBe(true);
	const writes = table.writes;
	expect(await journalIn(table).journal.begunBefore(asked)).toEqual(new Set());
	expect(table.writes).toBe(writes);
});

test.each<[fails: true | 'once', warned: number]>([
	['once', 0],
	[true, 1],
])('a database that fails (%s) stops no submission', async (fails, warned) => {
	const { journal, warnings } = journalIn(new Table(), { fails });
	expect(await journal.begin('0.0.0')).toBe(true);
	expect(warnings).toHaveLength(warned);
});
