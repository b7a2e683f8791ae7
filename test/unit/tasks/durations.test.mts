import { Durations, kindOf } from '../../../nodes/WanVideo/tasks/durations.ts';
import { BASE_URL } from '../support/service.mts';
import { REQUEST, finished } from '../support/tasks.mts';

const KIND = kindOf(REQUEST, BASE_URL);

test.each([
	['another duration', kindOf({ ...REQUEST, duration: 6 }, BASE_URL)],
	['another mode', kindOf({ ...REQUEST, mode: 'image-to-video' }, BASE_URL)],
	['another resolution', kindOf({ ...REQUEST, resolution: '1080p' }, BASE_URL)],
	['another service', kindOf(REQUEST, 'http://127.0.0.1:1/api/v1')],
])('how long tasks took tells nothing of those of %s', (_, other) => {
	const known = new Durations();
	known.add(KIND, finished({ costTime: 60_000 }));
	expect([known.of(KIND), known.of(other)]).toEqual([[60_000], []]);
});

test('what a prompt says does not matter', () => {
	expect(kindOf({ ...REQUEST, prompt: 'an owl' }, BASE_URL)).toBe(KIND);
});

test('a task that names no costTime took from its creation to its end', () => {
	const known = new Durations();
	known.add(KIND, finished({ createTime: 1_000, completeTime: 4_000 }));
	known.add(KIND, finished({}));
	known.add(KIND, finished({ createTime: 4_000, completeTime: 1_000 }));
	expect(known.of(KIND)).toEqual([3_000]);
});

test.each([[-1], [NaN], [Infinity], [1e300], [24 * 3_600_000 + 1]])(
	'a duration that cannot be right (%s ms) is left out: the next task would be waited for as long',
	(costTime) => {
		const known = new Durations();
		known.add(KIND, finished({ costTime }));
		expect(known.of(KIND)).toEqual([]);
	},
);

test('no more is kept than the newest 60 of each of the newest 100 kinds', () => {
	const known = new Durations();
	for (let ms = 1; ms <= 90; ms += 1) known.add(KIND, finished({ costTime: ms }));
	expect([known.of(KIND).length, known.of(KIND).at(-1)]).toEqual([60, 90]);
	for (let other = 0; other < 99; other += 1) known.add(`${other}`, finished({ costTime: 1 }));
	known.add(KIND, finished({ costTime: 91 }));
	known.add('the hundred and first', finished({ costTime: 1 }));
	expect([known.of('0'), known.of('1'), known.of(KIND).at(-1)]).toEqual([[], [1], 91]);
});
