/**
 * Reading values of any type. Expressions, AI agents and hand-made workflows put anything into any
 * field, and the service is not trusted either.
 */

/** Characters that nobody sees, such as the zero-width space that copying from web pages brings along. */
const INVISIBLE = /\p{Cf}/gu;

export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

/** Nothing was given: an empty or blank cell of a sheet, or a field that was cleared. */
export const isUnset = (value: unknown): value is undefined | null | '' =>
	value === undefined ||
	value === null ||
	(typeof value === 'string' && /^[\s\p{Cf}]*$/u.test(value));

export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entry of a table under a name that somebody else chose; undefined if there is none. */
export const lookUp = <T>(table: Record<string, T>, key: unknown): T | undefined =>
	typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;

/** Drops properties that are undefined, so that absent facts have no keys. */
export function omitUndefined<T extends object>(facts: T): T {
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}

/** Parses JSON text. @returns undefined if it is no JSON, which no JSON text stands for */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** A number, also from text; NaN if the value is none. (`Number` throws for some objects.) */
export function numberValue(value: unknown): number {
	if (typeof value === 'string') return value.trim() === '' ? NaN : Number(value);
	return typeof value === 'number' ? value : NaN;
}

/** What a caught value says. */
export const messageOf = (error: unknown): string =>
	error instanceof Error ? error.message : String(error);

const BOOLEANS = new Map<unknown, boolean>([
	[true, true],
	[false, false],
	['true', true],
	['false', false],
]);

/** True or false, also as text in any case, which is how sheets and agents give them. */
export const booleanValue = (value: unknown): boolean | undefined =>
	BOOLEANS.get(typeof value === 'string' ? value.trim().toLowerCase() : value);

const MAX_QUOTE_CHARACTERS = 80;

function textOf(value: unknown): string {
	if (typeof value !== 'object') return String(value);
	try {
		// There is no JSON for what says so itself.
		return JSON.stringify(value) ?? 'a value without content';
	} catch {
		return 'a value that refers to itself';
	}
}

/** A value as messages quote it: short, whatever it is. */
export function quote(value: unknown): string {
	const text = textOf(value);
	const short =
		text.length > MAX_QUOTE_CHARACTERS ? `${text.slice(0, MAX_QUOTE_CHARACTERS - 3)}…` : text;
	return typeof value === 'number' ? short : `"${short}"`;
}

/** Characters that break lines, end texts, or turn the direction of what follows. */
const DISRUPTIVE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** Text of somebody else in one line of a message, cut where it would flood it. */
export function excerpt(text: string, maxCharacters = 300): string {
	const line = text.slice(0, maxCharacters + 1).replace(DISRUPTIVE, ' ');
	return text.length > maxCharacters ? `${line.slice(0, maxCharacters - 1)}…` : line;
}

/** The first of a list, and how many more there are. */
export function listSome(texts: string[], max: number): string {
	const more = texts.length - max;
	const named = texts.slice(0, max).join(', ');
	return more > 0 ? `${named} and ${more} more` : named;
}

/**
 * Whether a value is nested no deeper than so many levels. What is deeper has no meaning here, and
 * n8n could not save an execution that holds it.
 */
export const isShallow = (value: unknown, levels = 50): boolean =>
	typeof value !== 'object' ||
	value === null ||
	(levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1)));
