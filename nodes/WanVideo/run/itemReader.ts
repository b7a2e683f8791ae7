import type { IExecuteFunctions } from 'n8n-workflow';
import { type Failure, type Result, err, finalFailure, ok } from '../../apixo/result';
import { flagValue } from '../../shared/fields';
import { TypedTexts } from '../../shared/templates';
import { isRecord, isUnset, quote } from '../../shared/values';

/** Reads the parameters of one item, and collects everything that is wrong with them. */
export class ItemReader {
	/** Shown to the user although nothing is wrong. */
	readonly hints: string[] = [];

	private readonly failures: Failure[] = [];

	private collection?: Record<string, unknown>;

	private typedTexts?: TypedTexts;

	constructor(
		readonly context: IExecuteFunctions,
		readonly item: number,
		/** What users want to know first of an item that is refused. */
		readonly nothingSubmitted = 'Nothing was submitted for this item.',
	) {}

	private get hint(): string {
		return `${this.nothingSubmitted} Correct what the message names, then run it again.`;
	}

	/** Notes what is wrong, as one part of a sentence that names the parameter. */
	fault(...messages: string[]): void {
		for (const message of messages) this.fail(finalFailure(message, this.hint));
	}

	/** Notes a failure of what had to be done before anything could be submitted. */
	refuse(failure: Failure): void {
		this.fail({ ...failure, hint: `${this.nothingSubmitted} ${failure.hint}` });
	}

	/** Notes a failure that has a hint of its own. */
	fail(failure: Failure): void {
		this.failures.push(failure);
	}

	/**
	 * The value, unless something was wrong: then one failure that names all of it.
	 *
	 * @param value undefined only if something was wrong
	 * @throws Error if it is undefined although nothing was noted
	 */
	result<T>(value: T | undefined): Result<T> {
		const [first, ...others] = this.failures;
		if (first === undefined) {
			if (value === undefined) throw new Error('An item without a plan has no fault');
			return ok(value);
		}
		if (others.length === 0) return err(first);
		const messages = this.failures.map(({ message }) => message);
		return err(finalFailure(messages.join('; '), this.hint));
	}

	/** A parameter, whatever it holds. n8n drops what the panel hides; then it is the fallback. */
	raw(name: string, fallback: unknown = null): unknown {
		return this.context.getNodeParameter(name, this.item, fallback) as unknown;
	}

	/** The panel as it was typed. Gathered once. */
	get typed(): TypedTexts {
		this.typedTexts ??= new TypedTexts(this.context.getNode().parameters);
		return this.typedTexts;
	}

	/** The Options collection, which an expression may have replaced by anything. Read once. */
	options(): Record<string, unknown> {
		this.collection ??= this.readCollection();
		return this.collection;
	}

	private readCollection(): Record<string, unknown> {
		const raw = this.raw('options', {});
		if (isRecord(raw)) return raw;
		if (!isUnset(raw)) {
			this.fault(`Options must be an object such as {"timeout": 20}, but is ${quote(raw)}`);
		}
		return {};
	}

	/** True or false, as text too; the fallback if it was left alone. */
	flag(title: string, value: unknown, fallback: boolean): boolean {
		if (isUnset(value)) return fallback;
		const flag = flagValue(value);
		if (flag === undefined) this.fault(`${title} must be true or false, but is ${quote(value)}`);
		return flag ?? fallback;
	}

	/** One of a few values, the first if it was left alone. */
	choice<T extends string>(title: string, name: string, choices: readonly [T, ...T[]]): T {
		const [fallback] = choices;
		const value = this.raw(name, fallback);
		if (isUnset(value)) return fallback;
		const choice = choices.find((one) => one === value);
		if (choice === undefined) {
			this.fault(`${title} must be ${choices.join(' or ')}, but is ${quote(value)}`);
		}
		return choice ?? fallback;
	}
}
