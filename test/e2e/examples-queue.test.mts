import { importExample } from '../support/n8n/examples.mts';
import { type Scene, useStage } from '../support/n8n/scene.mts';
import { type DataTable, openDataTable } from './support/data-table.mts';

const withScene = useStage();

const TABLE = 'Wan Video Queue';

/** Imports the example and runs it for the first time, which makes its table. */
async function openQueue(scene: Scene, table: string) {
	const example = await importExample(scene, '9', (workflow) => {
		const renamed = JSON.stringify(workflow).replaceAll(TABLE, table);
		Object.assign(workflow, JSON.parse(renamed));
	});
	const execution = await (await example.run()).final();
	expect(execution.status).toBe('success');
	expect(scene.apixo.ledger()).toEqual([]);
	return { example, table: await openDataTable(scene.client, table) };
}

const videosOf = (...prompts: string[]) => prompts.map((prompt) => ({ prompt, seconds: 2 }));

const cells = async (table: DataTable, ...columns: string[]) =>
	(await table.rows()).map((row) => columns.map((column) => row[column]));

const paidPrompts = ({ apixo }: Scene) => apixo.ledger().map(({ request }) => request.input.prompt);

describe('example 9, a queue in a Data Table', () => {
	it(
		'writes status, task ID and address into each row, and a failed row stops no other',
		withScene(
			async (scene) => {
				const { example, table } = await openQueue(scene, 'All kinds');
				const fail = { failCode: 'NSFW', failMsg: 'Not for children' };
				const { misbehave } = scene.apixo;
				misbehave({ on: 'submit', match: { promptIncludes: 'knight' }, do: { fail } });
				// Accepted and paid, though the answer is lost.
				misbehave({ on: 'submit', match: { promptIncludes: 'dancer' }, do: { loseAnswer: true } });
				await table.add([
					...videosOf('A fox', 'A knight'),
					{ prompt: 'A boat', seconds: 99 },
					...videosOf('A dancer', 'A kite'),
					{ seconds: 5 },
				]);
				expect((await (await example.run()).final()).status).toBe('success');

				const [fox, knight, , kite] = scene.taskIds();
				const { origin } = scene.apixo;
				expect(await cells(table, 'prompt', 'status', 'taskId', 'videoUrl', 'error')).toEqual([
					['A fox', 'done', fox, `${origin}/files/${fox}.mp4`, ''],
					['A knight', 'failed', knight, null, expect.stringContaining('Not for children')],
					['A boat', 'failed', null, null, expect.stringContaining('Duration')],
					['A dancer', 'submitting', null, null, expect.stringContaining('A task may exist')],
					['A kite', 'done', kite, `${origin}/files/${kite}.mp4`, ''],
					[null, null, null, null, null],
				]);
				expect(paidPrompts(scene)).toEqual(['A fox', 'A knight', 'A dancer', 'A kite']);

				expect((await (await example.run()).final()).status).toBe('success');
				expect(scene.apixo.ledger()).toHaveLength(4);
			},
			{ generationMs: 200 },
		),
	);

	it(
		'pays for each row once when two runs meet',
		withScene(
			async (scene) => {
				const { apixo, until } = scene;
				const { example, table } = await openQueue(scene, 'Two runs');
				await table.add(videosOf('A fox', 'A boat', 'A kite'));
				apixo.misbehave({ on: 'submit', match: { promptIncludes: 'fox' }, do: { delayMs: 5_000 } });
				const slow = await example.run();
				await until(() => apixo.ledger().length === 1);
				await (await example.run()).final();
				await slow.final();

				expect(await cells(table, 'status')).toEqual([['done'], ['done'], ['done']]);
				expect(paidPrompts(scene).toSorted()).toEqual(['A boat', 'A fox', 'A kite']);
			},
			{ generationMs: 200 },
		),
	);

	it(
		'goes on after n8n was killed, and pays for each row once',
		withScene(async (scene) => {
			const { apixo, n8n, until } = scene;
			const { example, table } = await openQueue(scene, 'Killed');
			await table.add(videosOf('A fox', 'A boat'));
			const first = await example.run();
			await first.parked();
			expect(await cells(table, 'status')).toEqual([['submitted'], ['submitted']]);

			apixo.misbehave({
				on: 'submit',
				match: { promptIncludes: 'clouds' },
				do: { delayMs: 600_000 },
			});
			await table.add(videosOf('A kite', 'Some clouds', 'A lamp'));
			await example.run();
			await until(() => apixo.ledger().length === 4);
			await n8n.kill();
			scene.finishAll();
			apixo.setGeneration(200);
			await n8n.restart();
			expect((await (await example.run()).final()).status).toBe('success');

			expect(await cells(table, 'prompt', 'status')).toEqual([
				['A fox', 'done'],
				['A boat', 'done'],
				['A kite', 'done'],
				['Some clouds', 'submitting'],
				['A lamp', 'done'],
			]);
			expect(paidPrompts(scene)).toEqual(['A fox', 'A boat', 'A kite', 'Some clouds', 'A lamp']);
			// The first run is still parked, and has nothing left to pay for.
			expect((await first.now()).status).toBe('waiting');
		}),
	);
});
