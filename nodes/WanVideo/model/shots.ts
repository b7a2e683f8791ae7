import { wholeNumber } from '../../shared/fields';
import { isRecord, isUnset, parseJson } from '../../shared/values';
import type { Findings } from './findings';
import { checkFilledText } from './text';

/** One shot of a storyboard. */
export interface Shot {
	text: string;
	/** Whole seconds. */
	seconds: number;
}

/** What was given for a storyboard, before anything about it is certain. */
export interface GivenShots {
	entries: unknown[];
	/** What a language model may say beside the shots about all of them. */
	style?: unknown;
}

/** What the parts are called, first by the panel, then as language models like to call them. */
const NAMES = {
	list: ['shot', 'shots'],
	text: ['text', 'prompt', 'description'],
	seconds: ['seconds', 'duration'],
};

const valueUnder = (names: string[], record: Record<string, unknown>): unknown =>
	names.map((name) => record[name]).find((value) => !isUnset(value));

/** From the first bracket to the last: language models put words around their JSON. */
function bracketed(text: string): string {
	const first = text.search(/[[{]/);
	const last = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}'));
	return first < 0 ? '' : text.slice(first, last + 1);
}

/** The JSON in a text: alone, amid words, or in a code fence. @returns undefined if there is none */
export function jsonIn(text: string): unknown {
	const [, ...fences] = text.split('```');
	return [text, ...fences]
		.map((part) => parseJson(bracketed(part)))
		.find((value) => value !== undefined);
}

/**
 * A list of shots, or an object around one: the collection of the panel, or what a language model
 * calls a storyboard, which has a title and the like beside the list.
 *
 * @returns undefined if there is no list, or more than one and none of the right name
 */
export function shotsIn(value: unknown, levels = 2): GivenShots | undefined {
	if (Array.isArray(value)) return { entries: value };
	if (!isRecord(value) || levels === 0) return undefined;
	const named = valueUnder(NAMES.list, value);
	if (Array.isArray(named)) return { entries: named, style: value.style };
	const [found, ...others] = Object.values(value).flatMap(
		(inner) => shotsIn(inner, levels - 1) ?? [],
	);
	if (found === undefined || others.length > 0) return undefined;
	return { entries: found.entries, style: found.style ?? value.style };
}

/** Whole seconds, also as "3s" or "3 seconds"; undefined if they are none. */
function wholeSeconds(value: unknown): number | undefined {
	const text = typeof value === 'string' ? value : '';
	const [, number] = /^\s*(\d+(?:\.0+)?)\s*(?:s|secs?|seconds?)\s*$/i.exec(text) ?? [];
	return wholeNumber(number ?? value);
}

function checkSeconds(field: string, value: unknown, findings: Findings): number | undefined {
	const seconds = wholeSeconds(value);
	if (seconds !== undefined && seconds >= 1) return seconds;
	if (!isUnset(value)) return findings.mismatch(field, 'a whole number of at least 1', value);
	findings.faults.push(`${field} is empty`);
	return undefined;
}

/** Checks one shot. @returns undefined if something is wrong with it, which then names the shot */
export function checkShot(entry: unknown, name: string, findings: Findings): Shot | undefined {
	const record = isRecord(entry) ? entry : { text: entry };
	const text = checkFilledText(`${name}: Text`, valueUnder(NAMES.text, record), findings);
	const field = `${name}: Seconds`;
	const seconds = checkSeconds(field, valueUnder(NAMES.seconds, record), findings);
	return text === '' || seconds === undefined ? undefined : { text, seconds };
}
