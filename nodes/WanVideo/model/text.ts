import { isUnset, quote } from '../../shared/values';
import type { Findings } from './findings';
import { MAX_NEGATIVE_PROMPT_CHARACTERS, MAX_PROMPT_CHARACTERS } from './modes';

export const characters = (text: string) => [...text].length;

/**
 * Text without what has no meaning in it and makes servers stumble: the half of an emoji that
 * cutting text leaves behind, and control characters other than tabs and line breaks.
 */
const sendable = (text: string) =>
	text.replace(/\p{Cs}/gu, '\ufffd').replace(/(?![\t\n\r])\p{Cc}/gu, '');

/** What an expression makes of a value that is not there, alone in a field. */
const NOTHING_FOUND = /^\s*(undefined|null|NaN|\[object Object\])\s*$/;

function checkText(field: string, value: unknown, findings: Findings): string | undefined {
	if (isUnset(value)) return undefined;
	if (typeof value === 'string') return sendable(value);
	if (Number.isFinite(value)) return String(value);
	return findings.mismatch(field, 'text', value);
}

function hintAtLength(text: string, what: string, max: number, { hints }: Findings): void {
	const length = characters(text);
	if (length > max) hints.push(`The ${what} has ${length} characters; APIXO cuts it after ${max}`);
}

/** Text that must not be missing; empty if it is, which is a fault. */
export function checkFilledText(field: string, value: unknown, findings: Findings): string {
	const text = checkText(field, value, findings);
	if (text === undefined || text.trim() === '') {
		if (isUnset(value) || text !== undefined) findings.faults.push(`${field} is empty`);
		return '';
	}
	if (NOTHING_FOUND.test(text)) {
		findings.faults.push(`${field} is ${quote(text)}: its expression found no text`);
	}
	return text;
}

/** The prompt as it is sent; empty if there is none, which is a fault. */
export function checkPrompt(value: unknown, findings: Findings): string {
	const prompt = checkFilledText('Prompt', value, findings);
	hintAtLength(prompt, 'prompt', MAX_PROMPT_CHARACTERS, findings);
	return prompt;
}

/** @returns undefined if there is none */
export function checkNegativePrompt(value: unknown, findings: Findings): string | undefined {
	const text = checkText('Negative Prompt', value, findings);
	if (text === undefined || text.trim() === '') return undefined;
	hintAtLength(text, 'negative prompt', MAX_NEGATIVE_PROMPT_CHARACTERS, findings);
	return text;
}
