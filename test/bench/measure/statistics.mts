interface Summary {
	median: number;
	min: number;
	max: number;
	mean: number;
	count: number;
}

/** @param values at least one */
export function summaryOf(values: number[]): Summary {
	if (values.length === 0) throw new Error('Nothing was measured');
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return {
		median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
		min: sorted[0],
		max: sorted[sorted.length - 1],
		mean: values.reduce((sum, value) => sum + value, 0) / values.length,
		count: values.length,
	};
}

/** @param values at least one */
export const medianOf = (values: number[]) => summaryOf(values).median;

/** @param values at least one */
export const meanOf = (values: number[]) => summaryOf(values).mean;

/** @param values at least one */
export function percentileOf(values: number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Three significant digits at least, no more than people read. */
export function format(value: number): string {
	const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return value.toLocaleString('en-US', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	});
}

export const formatWhole = (value: number): string => value.toLocaleString('en-US');

/** `median (lowest–highest)`, or one number when there is only one. */
export function formatSpread(values: number[]): string {
	const { median, min, max, count } = summaryOf(values);
	return count === 1 ? format(median) : `${format(median)} (${format(min)}–${format(max)})`;
}
