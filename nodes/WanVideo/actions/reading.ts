import type { IExecuteFunctions } from 'n8n-workflow';
import { type Failure, type Outcome, failed, success } from '../wan/failure';
import { isRecord, isUnset, shown, truthValue } from '../wan/values';

/** What is wrong with the parameters of an item, as one failure. */
export const invalid = (faults: string[]): Failure => ({
	message: faults.join('; '),
	hint: 'Nothing was submitted for this item. Correct what the message names, then run it again.',
	details: {},
});

/** All values, or everything that is wrong with any of them. */
export function together<T extends unknown[]>(
	...outcomes: { [K in keyof T]: Outcome<T[K]> }
): Outcome<T> {
	const failures = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.failure]));
	if (failures.length === 1) return failed(failures[0]);
	if (failures.length > 1) return failed(invalid(failures.map(({ message }) => message)));
	return success(outcomes.map((outcome) => (outcome as { value: unknown }).value) as T);
}

/** The Options collection, which an expression may have replaced by anything. */
export function readCollection(
	context: IExecuteFunctions,
	item: number,
	faults: string[],
): Record<string, unknown> {
	const raw = context.getNodeParameter('options', item, {}) as unknown;
	if (isRecord(raw)) return raw;
	if (!isUnset(raw)) {
		faults.push(`Options must be an object such as {"timeout": 20}, but is ${shown(raw)}`);
	}
	return {};
}

/** A switch, off or on as `fallback` says if the user left it alone. */
export function readSwitch(
	value: unknown,
	title: string,
	fallback: boolean,
	faults: string[],
): boolean {
	const flag = isUnset(value) ? fallback : truthValue(value);
	if (flag === undefined) faults.push(`${title} must be true or false, but is ${shown(value)}`);
	return flag ?? fallback;
}

/** One of a few values; what a workflow that was made by hand holds may be another. */
export function readChoice(
	context: IExecuteFunctions,
	item: number,
	name: string,
	title: string,
	[usual, ...others]: string[],
): Outcome<string> {
	const value = context.getNodeParameter(name, item, usual) as unknown;
	if (isUnset(value)) return success(usual);
	if ([usual, ...others].includes(value as string)) return success(value as string);
	const choices = [usual, ...others].join(' or ');
	return failed(invalid([`${title} must be ${choices}, but is ${shown(value)}`]));
}
