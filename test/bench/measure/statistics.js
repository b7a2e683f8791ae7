'use strict';

/**
 * @typedef {{ median: number, min: number, max: number, mean: number, count: number }} Summary
 */

/** @param {number[]} values at least one @returns {Summary} */
function summaryOf(values) {
	if (values.length === 0) throw new Error('Nothing was measured');
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return {
		median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
		min: sorted[0],
		max: sorted.at(-1),
		mean: values.reduce((sum, value) => sum + value, 0) / values.length,
		count: values.length,
	};
}

/** @param {number[]} values at least one */
const medianOf = (values) => summaryOf(values).median;

/** Three significant digits at least, no more than people read. */
function format(value) {
	const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return value.toLocaleString('en-US', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
}

/** `median (lowest–highest)`, or one number when there is only one. @param {number[]} values */
function formatSpread(values) {
	const { median, min, max, count } = summaryOf(values);
	return count === 1 ? format(median) : `${format(median)} (${format(min)}–${format(max)})`;
}

module.exports = { format, formatSpread, medianOf, summaryOf };
