import { TypedTexts } from '../../shared/templates';
import { flagValue } from '../../shared/fields';
import { isUnset, quote } from '../../shared/values';
import type { ItemFiles } from '../media/files';
import type { MediaUse } from '../media/medium';

/** What the check of an item found. Each entry is one part of a sentence with the field's name. */
export class Findings {
	/** What is wrong. With any of these, nothing may be submitted. */
	readonly faults: string[] = [];

	/** What the user should know although the request can be sent. */
	readonly hints: string[] = [];

	/** What the request is made from, and may be looked at. */
	readonly media: MediaUse[] = [];

	/**
	 * @param typed the panel as it was typed, where that is known
	 * @param files what the item carries beside its JSON
	 * @param areLookedAt whether what is at addresses is looked at later
	 */
	constructor(
		readonly typed = new TypedTexts(),
		readonly files: ItemFiles = {},
		readonly areLookedAt = false,
	) {}

	/** Notes that a value is not what its field takes. @returns undefined, as the value that it has */
	mismatch(field: string, wanted: string, value: unknown): undefined {
		this.faults.push(`${field} must be ${wanted}, but is ${quote(value)}`);
		return undefined;
	}

	/** @returns undefined if it was left alone, or is neither true nor false */
	flag(field: string, value: unknown): boolean | undefined {
		if (isUnset(value)) return undefined;
		return flagValue(value) ?? this.mismatch(field, 'true or false', value);
	}
}
