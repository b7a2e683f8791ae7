/** Odd values in one field after another, an item each, and what may come of an item. */

import { validate } from '../../emulator/validation.mts';
import { violations } from '../support/model/rules.mts';
import { ODD_VALUES } from '../support/model/odd.mts';

/** What a program says that stumbled, and no message of ours. */
const STUMBLED =
	/TypeError|RangeError|SyntaxError|Cannot (read|convert|destructure)|is not (a function|iterable|defined)|\[object Object\](?!")|circular/i;

/** All runs of a file share n8n's one binary data service. */
export const STORED = { binaryMode: 'filesystem', resumeOrigin: 'http://127.0.0.1:9' };

export const CONTINUING = { settings: { onError: 'continueErrorOutput' }, ...STORED };

/**
 * What became of an item: `{error}`, or `{output, request}`. Asserts all that must always hold:
 * a failed item is told in words, with its number, and cost nothing; a good one was charged once,
 * for a request that the documentation allows; and APIXO had nothing to object to.
 *
 * @param result of the run
 * @param items each with a `n` of its own, which its prompt ends in
 * @param options whether a good item is a task that was paid for
 */
export function fates(
	result: object,
	items: object[],
	apixo: unknown,
	{ isPaid = true }: { isPaid?: boolean } = {},
) {
	expect(result.error).toBeUndefined();
	const refused = apixo.requests({ kind: 'submit' }).filter(({ status }) => status !== 200);
	expect(refused.map(({ body, status }) => ({ status, body }))).toEqual([]);
	const itemOf = ({ pairedItem }) => pairedItem.item ?? pairedItem;
	const byItem = (list) => new Map(list.map((item) => [itemOf(item), item.json]));
	const good = byItem(result.fullItems('Tested', 0));
	const bad = byItem(result.fullItems('Tested', 1));
	const charges = apixo.ledger().map(({ request }) => request);
	const chargedFor = (n) => charges.filter(({ input }) => input.prompt.endsWith(`item ${n}.`));
	expect(good.size + bad.size).toBe(items.length);
	expect(charges).toHaveLength(isPaid ? good.size : 0);
	return items.map(({ n }, index) => {
		if (bad.has(index)) {
			const { error, details } = bad.get(index);
			expect(error).toMatch(new RegExp(`\\[item ${index}\\]$`));
			expect(error).not.toMatch(STUMBLED);
			expect(error.length).toBeLessThan(2_000);
			expect(details.hint).toMatch(/\S/);
			expect(chargedFor(n)).toEqual([]);
			return { error };
		}
		const [request] = chargedFor(n);
		if (isPaid) {
			expect(chargedFor(n)).toHaveLength(1);
			expect(violations(request.input)).toEqual([]);
			expect(validate(request)).toEqual([]);
		}
		return { output: good.get(index), request };
	});
}

export const PROMPT = '={{ "a fox, item " + $json.n + "." }}';

export const itemsOf = (values) => values.map((value, n) => ({ n, value }));

export { ODD_VALUES };
