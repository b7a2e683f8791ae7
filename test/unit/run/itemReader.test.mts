import { finalFailure } from '../../../nodes/apixo/result.ts';
import { ItemReader } from '../../../nodes/WanVideo/run/itemReader.ts';
import { panel } from '../support/contexts.mts';
import { failureOf } from '../support/results.mts';

const reader = () => new ItemReader(panel({}), 0);

test('faults of several fields are reported at once, a single one with its own advice', () => {
	expect(reader().result([1, 1])).toEqual({ ok: true, value: [1, 1] });

	const one = reader();
	one.fail(finalFailure('A', 'About A'));
	expect(failureOf(one.result(1))).toMatchObject({ message: 'A', hint: 'About A' });

	const two = reader();
	two.fail(finalFailure('A', 'About A'));
	two.fault('B');
	expect(failureOf(two.result(1)).message).toBe('A; B');
});

test('a fault says that nothing was submitted', () => {
	const wrong = reader();
	wrong.fault('A');
	expect(failureOf(wrong.result(undefined))).toMatchObject({
		kind: 'final',
		message: 'A',
		hint: expect.stringContaining('Nothing was submitted'),
	});
});
