import type { IDataObject } from 'n8n-workflow';
import { REQUEST, finished, historyIn } from '../support/tasks.mts';

test('a task teaches how long its kind takes', () => {
	const known = historyIn();
	known.add(REQUEST, finished({ costTime: 60_000 }));
	known.add(REQUEST, finished({ createTime: 1_000, completeTime: 31_000 }));
	expect(known.durationsOf(REQUEST)).toEqual([60_000, 30_000]);
	expect(known.durationsOf({ ...REQUEST, duration: 6 })).toEqual([]);
});

test.each([[-1], [NaN], [Infinity], [1e300], [24 * 3_600_000 + 1]])(
	'a slip of the service (%s ms) teaches nothing: the next task would be waited for as long',
	(costTime) => {
		const known = historyIn();
		known.add(REQUEST, finished({ costTime }));
		expect(known.durationsOf(REQUEST)).toEqual([]);
	},
);

const FOREIGN_DATA: IDataObject[][] = [
	[{ durations: 5 }],
	[{ durations: { 'text-to-video 720p 5': 'x' } }],
	[{ durations: null }],
];

test.each(FOREIGN_DATA)(
	'static data of somebody else (%j) is no history, and no obstacle',
	(data) => {
		const known = historyIn(data);
		expect(known.durationsOf(REQUEST)).toEqual([]);
		known.add(REQUEST, finished({ costTime: 5 }));
		expect(known.durationsOf(REQUEST)).toEqual([5]);
	},
);
