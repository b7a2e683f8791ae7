import { Experience } from '../../../nodes/WanVideo/waiting/experience.ts';

const REQUEST = { mode: 'text-to-video', resolution: '720p', duration: 5 };

/** Experience of a workflow that n8n keeps this data for. */
const experience = (data = {}) => new Experience({ getWorkflowStaticData: () => data });

test('a task teaches how long its kind takes', () => {
	const known = experience();
	known.note(REQUEST, { costTime: 60_000 });
	known.note(REQUEST, { createTime: 1_000, completeTime: 31_000 });
	expect(known.durationsOf(REQUEST)).toEqual([60_000, 30_000]);
	expect(known.durationsOf({ ...REQUEST, duration: 6 })).toEqual([]);
});

test.each([[-1], [NaN], [Infinity], [1e300], [24 * 3_600_000 + 1]])(
	'a slip of the service (%s ms) teaches nothing: the next task would be waited for as long',
	(costTime) => {
		const known = experience();
		known.note(REQUEST, { costTime });
		expect(known.durationsOf(REQUEST)).toEqual([]);
	},
);

test.each([
	[{ durations: 5 }],
	[{ durations: { 'text-to-video 720p 5': 'x' } }],
	[{ durations: null }],
])('static data that somebody else wrote (%j) is no experience, and no obstacle', (data) => {
	const known = experience(data);
	expect(known.durationsOf(REQUEST)).toEqual([]);
	known.note(REQUEST, { costTime: 5 });
	expect(known.durationsOf(REQUEST)).toEqual([5]);
});
