'use strict';

/** Exact sums of money, in text, for comparison with floating-point results. */

const DIGITS = 6;

/** @param {string} usd such as `0.0375` @returns {bigint} millionths of a dollar */
function millionths(usd) {
	const [whole, fraction = ''] = usd.split('.');
	return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** @param {bigint} amount in millionths @returns {string} USD, without trailing zeros */
function toText(amount) {
	const text = amount.toString().padStart(DIGITS + 1, '0');
	const fraction = text.slice(-DIGITS).replace(/0+$/, '');
	return fraction === '' ? text.slice(0, -DIGITS) : `${text.slice(0, -DIGITS)}.${fraction}`;
}

module.exports = { millionths, toText };
