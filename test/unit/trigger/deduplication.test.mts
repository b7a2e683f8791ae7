import { createRequire } from 'node:module';
import type { IDataObject, INode, IWebhookFunctions } from 'n8n-workflow';
import { systemClock } from '../../../nodes/shared/clock.ts';
import { NODE } from '../support/contexts.mts';
import { required } from '../../support/required.mts';
import { standIn } from '../support/standIn.mts';

type Module = typeof import('../../../nodes/WanVideo/trigger/deduplication.ts');
type Deduplication = InstanceType<Module['Deduplication']>;

const load = createRequire(import.meta.url);

/** What n8n answers to a callback. */
interface Response {
	headersSent: boolean;
	statusCode?: number;
}

const ANSWERED: Response = { headersSent: true, statusCode: 200 };

interface Call {
	/** The trigger's static data. */
	data?: IDataObject;
	workflow?: string;
	response?: Response;
}

/** A process that knows nothing yet. @returns handles one call to a trigger */
function newProcess() {
	let loaded: Module | undefined;
	jest.isolateModules(() => (loaded = load('../../../nodes/WanVideo/trigger/deduplication.ts')));
	const { Deduplication } = required(loaded, 'module');
	return ({ data = {}, workflow = 'w1', response = ANSWERED }: Call = {}): Deduplication =>
		new Deduplication(
			standIn<IWebhookFunctions>({
				getWorkflowStaticData: () => data,
				getWorkflow: () => ({ id: workflow, active: true }),
				getNode: (): INode => NODE,
				getResponseObject: () => response,
			}),
			systemClock,
		);
}

/** n8n's side: a workflow's static data is stored as JSON, and outlives the process. */
function trigger() {
	let stored = '{}';
	return async <T,>(work: (known: Deduplication) => T | Promise<T>): Promise<T> => {
		const data: IDataObject = JSON.parse(stored);
		const result = await work(newProcess()({ data }));
		stored = JSON.stringify(data);
		return result;
	};
}

test('a report that was handled is known after a restart', async () => {
	const restarted = trigger();
	expect(await restarted((known) => known.isHandled('task_1.success'))).toBe(false);
	await restarted(async (known) => await known.remember('task_1.success'));
	expect(await restarted((known) => known.isHandled('task_1.success'))).toBe(true);
	expect(await restarted((known) => known.isHandled('task_1.failed'))).toBe(false);
});

test('the newest reports are kept, and their number is bounded', async () => {
	const restarted = trigger();
	const report = (index: number) => `task_${index}.success`;
	await restarted(async (known) => {
		for (let index = 0; index < 2_000; index += 1) await known.remember(report(index));
	});
	expect(await restarted((known) => known.isHandled(report(1_999)))).toBe(true);
	expect(await restarted((known) => known.isHandled(report(1_600)))).toBe(true);
	expect(await restarted((known) => known.isHandled(report(0)))).toBe(false);
});

test('a report that is being handled is not begun a second time, until it has ended', () => {
	const call = newProcess();
	const begin = (workflow: string) => call({ workflow }).begin('task_1.success');
	expect([begin('here'), begin('here'), begin('elsewhere')]).toEqual([true, false, true]);
	call({ workflow: 'here' }).end('task_1.success');
	expect(begin('here')).toBe(true);
});

test('static data that someone else has filled does no harm', async () => {
	const known = newProcess()({ data: { handled: 'odd' } });
	expect(known.isHandled('task_1.success')).toBe(false);
	await known.remember('task_1.success');
	expect(known.isHandled('task_1.success')).toBe(true);
});

describe('while n8n starts the workflow', () => {
	const settled = async () => await new Promise((resolve) => setTimeout(resolve, 30));

	test('the change is made again, since n8n forgets that there was one, until it has answered', async () => {
		const call = newProcess();
		let changes = 0;
		const data = {
			set handled(_: IDataObject) {
				changes += 1;
			},
		};
		const response: Response = { headersSent: false };
		await call({ data, response }).remember('task_1.success');
		await settled();
		expect(changes).toBeGreaterThan(2);
		Object.assign(response, ANSWERED);
		await settled();
		const changesThen = changes;
		await settled();
		expect(changes).toBe(changesThen);
	});

	test('callbacks that come together take turns, and none overwrites what another has saved', async () => {
		const call = newProcess();
		const response: Response = { headersSent: false };
		const [first, second]: IDataObject[] = [{}, {}];
		await call({ data: first, response }).remember('task_1.success');
		let isSecondBegun = false;
		const remembering = call({ data: second })
			.remember('task_2.success')
			.then(() => (isSecondBegun = true));
		await settled();
		expect([isSecondBegun, second.handled]).toEqual([false, undefined]);
		Object.assign(response, ANSWERED);
		await remembering;
		expect(second.handled).toEqual(['task_1.success', 'task_2.success']);
	});

	test('a report whose workflow n8n could not start is not taken for handled by others', async () => {
		const call = newProcess();
		const response: Response = { headersSent: true, statusCode: 500 };
		await call({ response }).remember('task_1.success');
		const later: IDataObject = {};
		await call({ data: later }).remember('task_2.success');
		await settled();
		expect(later.handled).toEqual(['task_2.success']);
	});
});
