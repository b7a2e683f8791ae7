import { placeholderIn, variableIn } from '../../shared/templates';
import { soleEntry } from '../../shared/fields';
import { isRecord, isUnset, quote } from '../../shared/values';
import type { Findings } from './findings';
import { MAX_NEGATIVE_PROMPT_CHARACTERS, MAX_PROMPT_CHARACTERS } from './modes';
import { textField, wrappingHints } from './wrappings';

export const characters = (text: string) => [...text].length;

/**
 * Text without what has no meaning in it and makes servers stumble: the half of an emoji that
 * cutting text leaves behind, and control characters other than tabs and line breaks.
 */
const sendable = (text: string) =>
	text.replace(/\p{Cs}/gu, '\ufffd').replace(/(?![\t\n\r])\p{Cc}/gu, '');

/** Words for a value that is not there. */
const NOTHING = 'undefined|null|NaN';

/** What an expression or a sheet makes of a value that is not there, alone in a field. */
const NOTHING_FOUND = new RegExp(
	`^\\s*(?:${NOTHING}|\\[object Object\\]|Invalid Date(?:Time)?|#(?:N/A|REF!|VALUE!|NAME\\?|ERROR!|DIV/0!|NULL!|NUM!))\\s*$`,
);

/** What JavaScript makes of a thing that is put into a text, and nobody writes. */
const NO_TEXT = /\[object \w+\]|\[(?:Object|Array): [[{].*|\{ \[native code\] \}/;

/** Words that something must follow. */
const OPEN_END =
	'(?:[:：=]|\\b(?:a|an|the|of|in|on|at|to|for|from|with|about|by|and|or|as|into|showing|featuring|says|saying|titled|called|named))';

/** The text ends where an expression was to go on. */
const ENDS_OPEN = new RegExp(`${OPEN_END}\\s*["'“(]?\\s*$`, 'i');

/** Behind such a word, at the end of a clause: no word of the text, but a value that is not there. */
const OPEN_NOTHING = new RegExp(
	`${OPEN_END}\\s*["'“(]?\\s*(?:${NOTHING})(?=["'”)]?\\s*(?:$|[.,;!?\\n]))`,
);

const HOLDS_NOTHING = new RegExp(`(?:^|[\\s"'“(:])(${NOTHING})(?=$|[\\s"'”).,;:!?])`);

/** Why a text was plainly not meant, as the rest of a sentence with the field's name. */
function notMeant(text: string, { typed }: Findings): string | undefined {
	const variable = variableIn(text);
	if (variable !== undefined) {
		return `holds ${variable} in place of its value: ${typed.adviceFor(text)}`;
	}
	if (NOTHING_FOUND.test(text)) return `is ${quote(text)}: its expression found no text`;
	const [thing] = NO_TEXT.exec(text) ?? [];
	if (thing !== undefined) {
		return `holds ${quote(thing)} in place of text: let its expression take one field of the object`;
	}
	const isUnfinished = typed.isLeftOver(text) && ENDS_OPEN.test(text);
	return isUnfinished || (!typed.isFixed(text) && OPEN_NOTHING.test(text))
		? `is ${quote(text)}: an expression in it found no text`
		: undefined;
}

/** What looks as if it was not meant, but may be. */
function hintAtDoubts(field: string, text: string, { typed, hints }: Findings): void {
	const placeholder = placeholderIn(text);
	if (placeholder !== undefined) {
		hints.push(`${field} holds ${placeholder}, which is sent as it is`);
	}
	const [, nothing] = HOLDS_NOTHING.exec(text) ?? [];
	if (nothing !== undefined && !typed.isFixed(text)) {
		hints.push(`${field} holds the word ${nothing}, as if an expression had found no text`);
	}
	if (typed.isLeftOver(text)) {
		hints.push(`No expression in ${field} found anything, so it is only ${quote(text.trim())}`);
	}
}

/** The text in a value; undefined if there is none. */
function textIn(field: string, given: unknown, { faults }: Findings): string | undefined {
	const value = Array.isArray(given) ? soleEntry(given) : given;
	if (typeof value === 'string') return sendable(value);
	if (Number.isFinite(value)) return String(value);
	const name = isRecord(value) ? textField(value) : undefined;
	const advice = name === undefined ? '' : `. Its field ${quote(name)} holds text`;
	faults.push(`${field} must be text, but is ${quote(given)}${advice}`);
	return undefined;
}

function checkText(field: string, value: unknown, findings: Findings): string | undefined {
	if (isUnset(value)) return undefined;
	const text = textIn(field, value, findings);
	if (text === undefined) return undefined;
	const fault = notMeant(text, findings);
	if (fault === undefined) hintAtDoubts(field, text, findings);
	else findings.faults.push(`${field} ${fault}`);
	return text;
}

function hintAtLength(text: string, what: string, max: number, { hints }: Findings): void {
	const length = characters(text);
	if (length > max) hints.push(`The ${what} has ${length} characters; APIXO cuts it after ${max}`);
}

/** Text that must not be missing; empty if it is, which is a fault. */
export function checkFilledText(field: string, value: unknown, findings: Findings): string {
	const text = checkText(field, value, findings);
	if (text !== undefined && !isUnset(text)) return text;
	if (isUnset(value) || text !== undefined) findings.faults.push(`${field} is empty`);
	return '';
}

/** The prompt as it is sent; empty if there is none, which is a fault. */
export function checkPrompt(value: unknown, findings: Findings): string {
	const prompt = checkFilledText('Prompt', value, findings);
	if (prompt === '') return prompt;
	hintAtLength(prompt, 'prompt', MAX_PROMPT_CHARACTERS, findings);
	findings.hints.push(...wrappingHints(prompt));
	return prompt;
}

/** @returns undefined if there is none */
export function checkNegativePrompt(value: unknown, findings: Findings): string | undefined {
	const text = checkText('Negative Prompt', value, findings);
	if (text === undefined || isUnset(text)) return undefined;
	hintAtLength(text, 'negative prompt', MAX_NEGATIVE_PROMPT_CHARACTERS, findings);
	return text;
}
