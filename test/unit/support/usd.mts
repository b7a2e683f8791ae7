/** Exact sums of money, in text, for comparison with floating-point results. */

const DIGITS = 6;

/** @param usd such as `0.0375` @returns millionths of a dollar */
export function millionths(usd: string): bigint {
	const [whole, fraction = ''] = usd.split('.');
	return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** @param amount in millionths @returns USD, without trailing zeros */
export function toText(amount: bigint): string {
	const text = amount.toString().padStart(DIGITS + 1, '0');
	const fraction = text.slice(-DIGITS).replace(/0+$/, '');
	return fraction === '' ? text.slice(0, -DIGITS) : `${text.slice(0, -DIGITS)}.${fraction}`;
}
