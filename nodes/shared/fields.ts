/** Values of fields as people, sheets and other nodes write them, where they mean one thing. */
import { booleanValue, numberValue, parseJson, withoutInvisible } from './values';

/**
 * The one entry of a list, also of one in JSON text: lookups, pickers and language models give a
 * single value like that. Anything else is left as it is.
 */
export function soleEntry(value: unknown): unknown {
	const list = typeof value === 'string' && /^\s*\[/.test(value) ? parseJson(value) : value;
	return Array.isArray(list) && list.length === 1 ? (list[0] as unknown) : value;
}

/** Text without what differs by keyboard and source only: full-width digits, odd spaces. */
const plain = (text: string) => withoutInvisible(text.normalize('NFKC')).trim();

/** How units are written behind, or before, a number. */
const UNITS = {
	seconds: /^(?:s|secs?|seconds?|秒|秒钟)\.?$/i,
	minutes: /^(?:m|mins?|minutes?|分|分钟)\.?$/i,
	megabytes: /^(?:mb|megabytes?)$/i,
	usd: /^(?:\$|us\$|usd|us dollars?|dollars?)$/i,
};

export type Unit = keyof typeof UNITS;

/** Longer text is no number with a unit. */
const MAX_NUMBER_CHARACTERS = 40;

/** The text of a number without its unit; text with another unit is left, and is then no number. */
function withoutUnit(text: string, unit: Unit | undefined): string {
	if (unit === undefined || text.length > MAX_NUMBER_CHARACTERS) return text;
	const [, before, digits, behind] = /^(\D*?)\s*(-?\d[\d.]*)\s*(\D*)$/.exec(text) ?? [];
	return digits !== undefined && UNITS[unit].test(before + behind) ? digits : text;
}

/**
 * A number, also from text; NaN if the value is none.
 *
 * @param unit may stand beside it in text, such as "5s"
 */
export function amountValue(value: unknown, unit?: Unit): number {
	const one = soleEntry(value);
	return numberValue(typeof one === 'string' ? withoutUnit(plain(one), unit) : one);
}

/**
 * A whole number, also from text such as "5"; undefined if the value is none.
 *
 * @param unit may stand beside it in text, such as "5s"
 */
export function wholeNumber(value: unknown, unit?: Unit): number | undefined {
	const one = soleEntry(value);
	const text = typeof one === 'string' ? withoutUnit(plain(one), unit) : undefined;
	const parsed = text !== undefined && /^-?\d+(\.0+)?$/.test(text) ? Number(text) : one;
	return typeof parsed === 'number' && Number.isSafeInteger(parsed) ? parsed : undefined;
}

const WORDS = new Map([
	...['true', 'yes', 'y', 'on', '1'].map((text) => [text, true] as const),
	...['false', 'no', 'n', 'off', '0'].map((text) => [text, false] as const),
]);

/** True or false, also in the words of people and the numbers of databases: "yes", "off", 1, 0. */
export function flagValue(value: unknown): boolean | undefined {
	const one = soleEntry(value);
	return typeof one === 'string' || typeof one === 'number'
		? WORDS.get(plain(String(one)).toLowerCase())
		: booleanValue(one);
}

/** Letters and digits alone, in lower case. */
const letters = (text: string) =>
	plain(text)
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * The choice that a value means, whatever its case, spaces and signs: "Image to Video" is
 * `image-to-video`.
 *
 * @param spellingsOf how else a choice is written, such as its title in the panel
 */
export function choiceValue<T extends string>(
	value: unknown,
	choices: readonly T[],
	spellingsOf: (choice: T) => string[] = () => [],
): T | undefined {
	const one = soleEntry(value);
	if (typeof one !== 'string' && typeof one !== 'number') return undefined;
	const wanted = letters(String(one));
	return choices.find((choice) =>
		[choice, ...spellingsOf(choice)].some((spelling) => letters(spelling) === wanted),
	);
}
