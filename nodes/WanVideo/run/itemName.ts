import type { IExecuteFunctions } from 'n8n-workflow';
import { excerpt, isUnset } from '../../shared/values';
import { realRunIndexOf } from '../tasks/interrupted';

/** Enough to tell an item from the others by. */
const MAX_PROMPT_CHARACTERS = 40;

/** What says what an item is about; the second stands in the place of the first in a storyboard. */
const PROMPTS = ['prompt', 'shotsStyle'];

/** @returns undefined if an operation has no such field, or its expression cannot be resolved */
function promptOf(context: IExecuteFunctions, item: number): string | undefined {
	try {
		const prompts = PROMPTS.map((name) => context.getNodeParameter(name, item, '') as unknown);
		const prompt = prompts.find((value) => typeof value === 'string' && !isUnset(value));
		return prompt === undefined ? undefined : String(prompt).trim();
	} catch {
		return undefined;
	}
}

/**
 * How messages name an item: `item 1: "A fox in the snow"`, and with `round 2` from the second round
 * of a loop on. In n8n's own way, the first item is item 0.
 */
export function itemName(context: IExecuteFunctions, item: number): string {
	const prompt = promptOf(context, item);
	const runIndex = realRunIndexOf(context);
	const parts = [
		prompt === undefined
			? `item ${item}`
			: `item ${item}: "${excerpt(prompt, MAX_PROMPT_CHARACTERS)}"`,
		...(runIndex > 0 ? [`round ${runIndex + 1}`] : []),
	];
	return parts.join(', ');
}
