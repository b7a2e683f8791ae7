'use strict';

const { toUnits, toUsd } = require('./prices');

/** The API keys, what is left on each, and every charge ever made. */
class Accounts {
	/** @param {Record<string, {balanceUsd: number}>} keys */
	constructor(keys) {
		this.initial = keys;
		this.reset();
	}

	/** Back to the first balances and an empty ledger. */
	reset() {
		/** @type {object[]} one entry for each accepted submit, in order */
		this.ledger = [];
		this.units = new Map();
		for (const [key, { balanceUsd }] of Object.entries(this.initial)) {
			this.units.set(key, toUnits(balanceUsd));
		}
	}

	has(key) {
		return this.units.has(key);
	}

	/** @returns {number} US dollars */
	balanceUsd(key) {
		return toUsd(this.units.get(key));
	}

	/** Sets a balance; an unknown key becomes a known one. @param {number} usd US dollars */
	setBalance(key, usd) {
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

module.exports = { Accounts };
