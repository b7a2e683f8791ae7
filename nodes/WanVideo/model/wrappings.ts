/** What language models put around a prompt, which the video model takes for a part of it. */
import { isRecord, isUnset, parseJson, quote } from '../../shared/values';

/** Where models and nodes put the text that was asked for, the likeliest first. */
const TEXT_FIELDS = [
	'prompt',
	'video_prompt',
	'videoPrompt',
	'text',
	'output',
	'content',
	'response',
	'message',
	'description',
];

/** The field of an object that most likely holds the text that is wanted. */
export function textField(value: Record<string, unknown>): string | undefined {
	const isText = (name: string) => typeof value[name] === 'string' && !isUnset(value[name]);
	const names = Object.keys(value).filter(isText);
	return TEXT_FIELDS.find((name) => names.includes(name)) ?? names[0];
}

const WRAPPINGS: Array<[RegExp, hint: string]> = [
	[/<\/?think(?:ing)?>/i, 'The prompt holds what a model thought (<think>), not only its answer'],
	[
		/^\s*(?:sure|certainly|of course|okay|absolutely|great|here(?:'s|’s| is| are))\b[^\n]{0,120}[:!]\s*\n/i,
		'The prompt begins with what a model says about it, such as "Here is your prompt"',
	],
	[
		/^\s*(?:i['’]m sorry|i am sorry|i apologi[sz]e|i can(?:not|['’]t)|as an ai\b)[^\n]{0,200}\b(?:can(?:not|['’]t)|unable|assist|help|language model)/i,
		'The prompt reads as if a model had refused to write it',
	],
	[/^\s*(?:<!doctype html|<html)\b/i, 'The prompt is a web page, not text'],
];

const FENCE = /^\s*```[\w-]*[^\S\n]*\n?(.*?)\n?```\s*$/s;

/** Hints at the obvious wrapping of a prompt. It may be meant, so it is sent as it is. */
export function wrappingHints(prompt: string): string[] {
	const [, fenced] = FENCE.exec(prompt) ?? [];
	const hints = fenced === undefined ? [] : ['The prompt stands in a code fence (```)'];
	const value = /^\s*\{/.test(fenced ?? prompt) ? parseJson(fenced ?? prompt) : undefined;
	if (isRecord(value)) {
		const name = textField(value);
		const advice = name === undefined ? '' : `; its field ${quote(name)} may be what is meant`;
		hints.push(`The prompt is JSON${advice}`);
	}
	hints.push(...WRAPPINGS.filter(([sign]) => sign.test(prompt)).map(([, hint]) => hint));
	return hints;
}
