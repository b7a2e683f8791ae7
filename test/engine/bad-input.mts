/** Odd values in one field after another, an item each, and what may become of an item. */

import type { Emulator, SubmitBody } from '../../emulator/index.mts';
import { validate } from '../../emulator/validation.mts';
import type { RunResult } from '../support/engine/index.mts';
import { inputItemOf, type Item } from '../support/item.mts';
import { violations } from '../support/model/rules.mts';
import { required } from '../support/required.mts';
import { ERROR_OUTPUT, FILESYSTEM } from './settings.mts';

/** Words of an exception that nothing in the package expected. */
const UNEXPECTED =
	/TypeError|RangeError|SyntaxError|Cannot (read|convert|destructure)|is not (a function|iterable|defined)|\[object Object\](?!")|circular/i;

export const STORED = { ...FILESYSTEM, resumeOrigin: 'http://127.0.0.1:9' };

export const CONTINUING = { ...ERROR_OUTPUT, ...STORED };

/** The Prompt by which `fates` finds the charge for an item. */
export const PROMPT = '={{ "a fox, item " + $json.n + "." }}';

export const itemsOf = <Value,>(values: Value[]) => values.map((value, n) => ({ n, value }));

/** What became of an item: a failure, or an output and what was charged for it. */
export type Fate =
	| { error: string; output?: undefined; request?: undefined }
	| { error?: undefined; output: Item; request?: SubmitBody };

/**
 * What became of each item. Asserts all that must always hold: a failed item says so in words, with
 * its number, and cost nothing; a good one was charged once, for a request that the documentation
 * allows; and APIXO had nothing to object to.
 *
 * @param items each with an `n` of its own, which its prompt ends in
 * @param options whether a good item is a task that was paid for
 */
export function fates(
	result: RunResult,
	items: Array<{ n: number }>,
	apixo: Emulator,
	{ isPaid = true }: { isPaid?: boolean } = {},
): Fate[] {
	expect(result.error).toBeUndefined();
	const refused = apixo.requests({ kind: 'submit' }).filter(({ status }) => status !== 200);
	expect(refused.map(({ body, status }) => ({ status, body }))).toEqual([]);
	const byItem = (output: number) => {
		const indexes = result.fullItems('Tested', output).map(inputItemOf);
		return new Map(result.items('Tested', output).map((item, at) => [indexes[at], item]));
	};
	const good = byItem(0);
	const bad = byItem(1);
	const charges = apixo.ledger().map(({ request }) => request);
	const chargedFor = (n: number) =>
		charges.filter(({ input }) => input.prompt.endsWith(`item ${n}.`));
	expect(good.size + bad.size).toBe(items.length);
	expect(charges).toHaveLength(isPaid ? good.size : 0);
	return items.map(({ n }, index) => {
		const failed = bad.get(index);
		if (failed) {
			const error = required(failed.error, `error of item ${index}`);
			expect(error).toMatch(new RegExp(`\\[item ${index}(: ".*")?\\]$`));
			expect(error).not.toMatch(UNEXPECTED);
			expect(error.length).toBeLessThan(2_000);
			expect(failed.details?.hint).toMatch(/\S/);
			expect(chargedFor(n)).toEqual([]);
			return { error };
		}
		const [request] = chargedFor(n);
		if (isPaid) {
			expect(chargedFor(n)).toHaveLength(1);
			expect(violations({ ...request.input })).toEqual([]);
			expect(validate(request)).toEqual([]);
		}
		return { output: required(good.get(index), `output for item ${index}`), request };
	});
}
