import { toUnits, toUsd } from './prices.mts';

/** The API keys, what is left on each, and every charge ever made. */
export class Accounts {
	initial: Record<string, { balanceUsd: number }>;
	ledger: object[];
	units;

	constructor(keys: Record<string, { balanceUsd: number }>) {
		this.initial = keys;
		this.reset();
	}

	/** Back to the first balances and an empty ledger. */
	reset() {
		/** One entry for each accepted submit, in order */
		this.ledger = [];
		this.units = new Map();
		for (const [key, { balanceUsd }] of Object.entries(this.initial)) {
			this.units.set(key, toUnits(balanceUsd));
		}
	}

	has(key) {
		return this.units.has(key);
	}

	/** @returns US dollars */
	balanceUsd(key): number {
		return toUsd(this.units.get(key));
	}

	/** Sets a balance; an unknown key becomes a known one. @param usd US dollars */
	setBalance(key, usd: number) {
		this.units.set(key, toUnits(usd));
	}

	canPay(key, units) {
		return this.units.get(key) >= units;
	}

	/** Takes the price off the key's balance and writes the charge down. */
	charge(units, { key, taskId, mode, at, request }) {
		this.units.set(key, this.units.get(key) - units);
		this.ledger.push({ taskId, key, mode, usd: toUsd(units), at, request });
	}
}
