import type { IDataObject } from 'n8n-workflow';
import { REQUEST, finished, historyIn } from '../support/tasks.mts';

test('the history holds how long tasks of a kind took', () => {
	const known = historyIn();
	known.add(REQUEST, finished({ costTime: 60_000 }));
	known.add(REQUEST, finished({ createTime: 1_000, completeTime: 31_000 }));
	expect(known.durationsOf(REQUEST)).toEqual([60_000, 30_000]);
	expect(known.durationsOf({ ...REQUEST, duration: 6 })).toEqual([]);
});

test.each([[-1], [NaN], [Infinity], [1e300], [24 * 3_600_000 + 1]])(
	'a duration that cannot be right (%s ms) is left out: the next task would be waited for as long',
	(costTime) => {
		const known = historyIn();
		known.add(REQUEST, finished({ costTime }));
		expect(known.durationsOf(REQUEST)).toEqual([]);
	},
);

const FOREIGN_DATA: IDataObject[][] = [
	[{ durations: 5 }],
	[{ durations: 'x' }],
	[{ durations: { 'text-to-video 720p 5': 'x' } }],
	[{ durations: null }],
];

test.each(FOREIGN_DATA)(
	'static data of another origin (%j) counts as none, and is replaced',
	(data) => {
		const known = historyIn(data);
		expect(known.durationsOf(REQUEST)).toEqual([]);
		known.add(REQUEST, finished({ costTime: 5 }));
		expect(known.durationsOf(REQUEST)).toEqual([5]);
	},
);

describe('the history of durations', () => {
	const task = (costTime: number) => finished({ costTime });

	test('is kept per mode, resolution and duration, for later runs', () => {
		const data = {};
		historyIn(data).add(REQUEST, task(90_000));
		expect(historyIn(data).durationsOf(REQUEST)).toEqual([90_000]);
		expect(historyIn(data).durationsOf({ ...REQUEST, duration: 6 })).toEqual([]);
	});

	test('is bounded to the newest 60 of each of the newest 30 kinds', () => {
		const data: IDataObject = {};
		const history = historyIn(data);
		for (let ms = 1; ms <= 90; ms += 1) history.add(REQUEST, task(ms));
		expect(history.durationsOf(REQUEST)).toHaveLength(60);
		expect(history.durationsOf(REQUEST).at(-1)).toBe(90);
		for (let duration = 100; duration < 150; duration += 1) {
			history.add({ ...REQUEST, duration }, task(1));
		}
		expect(Object.keys(data.durations ?? {})).toHaveLength(30);
		expect(history.durationsOf({ ...REQUEST, duration: 149 })).toEqual([1]);
		expect(history.durationsOf(REQUEST)).toEqual([]);
	});

	test('takes the times of a task that names no costTime, and nothing from one without times', () => {
		const history = historyIn({});
		history.add(REQUEST, finished({ createTime: 1_000, completeTime: 4_000 }));
		history.add(REQUEST, finished({}));
		history.add(REQUEST, finished({ createTime: 4_000, completeTime: 1_000 }));
		expect(history.durationsOf(REQUEST)).toEqual([3_000]);
	});
});
