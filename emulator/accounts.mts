import { toUnits, toUsd } from './prices.mts';
import type { SubmitBody } from './model.mts';

/** One accepted submit. */
export interface Charge {
	taskId: string;
	/** the API key */
	key: string;
	mode: string;
	usd: number;
	/** Unix ms */
	at: number;
	request: SubmitBody;
}

/** The API keys, what is left on each, and every charge ever made. */
export class Accounts {
	/** In order */
	ledger: Charge[] = [];
	private readonly initial: Record<string, { balanceUsd: number }>;
	/** By key; whole units, see UNITS_PER_USD */
	private readonly units = new Map<string, number>();

	constructor(keys: Record<string, { balanceUsd: number }>) {
		this.initial = keys;
		this.reset();
	}

	/** Back to the first balances and an empty ledger. */
	reset() {
		this.ledger = [];
		this.units.clear();
		for (const [key, { balanceUsd }] of Object.entries(this.initial)) {
			this.setBalance(key, balanceUsd);
		}
	}

	has(key: string) {
		return this.units.has(key);
	}

	/** @throws when there is no such key */
	balanceUsd(key: string): number {
		return toUsd(this.unitsOf(key));
	}

	/** Sets a balance; an unknown key becomes a known one. */
	setBalance(key: string, usd: number) {
		this.units.set(key, toUnits(usd));
	}

	canPay(key: string, units: number) {
		return this.unitsOf(key) >= units;
	}

	/** Takes a price off the key's balance and adds the charge to the ledger. */
	charge(units: number, charge: Omit<Charge, 'usd'>) {
		this.units.set(charge.key, this.unitsOf(charge.key) - units);
		this.ledger.push({ ...charge, usd: toUsd(units) });
	}

	private unitsOf(key: string): number {
		const units = this.units.get(key);
		if (units === undefined) throw new Error(`No such key: ${key}`);
		return units;
	}
}
