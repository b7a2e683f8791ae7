import type { Charge } from '../../emulator/index.mts';
import type { VideoRow } from './videos.mts';

interface Column {
	title: string;
	of: (row: VideoRow) => string;
	/** aligned to the right */
	right?: boolean;
	/** only with a ledger */
	ledger?: boolean;
}

const ALL_COLUMNS: Column[] = [
	{ title: 'File', of: (row) => row.file },
	{ title: 'kB', of: (row) => (row.bytes / 1000).toFixed(1), right: true },
	{ title: 'Mode', of: (row) => row.mode },
	{ title: 'Resolution', of: (row) => row.resolution },
	{ title: 'Seconds', of: (row) => String(row.seconds), right: true },
	{ title: 'Task ID', of: (row) => row.taskId },
	{ title: 'Estimate', of: (row) => usd(row.estimatedUsd), right: true },
	{ title: 'Charged', of: (row) => usd(row.chargedUsd), right: true, ledger: true },
];

/** Sums of prices are compared and shown in whole hundred-thousandths of a dollar. */
const UNITS_PER_USD = 100_000;

const units = (amount: number) => Math.round(amount * UNITS_PER_USD);
const total = (amounts: number[]) =>
	amounts.reduce((sum, amount) => sum + units(amount), 0) / UNITS_PER_USD;

const usdFormat = new Intl.NumberFormat('en-US', {
	style: 'currency',
	currency: 'USD',
	maximumFractionDigits: 5,
});

function usd(amount?: number): string {
	return amount === undefined ? 'none' : usdFormat.format(amount);
}

/** @param ledger without it there is no column for charges */
export function table(rows: VideoRow[], ledger?: Charge[]): string {
	const columns = ALL_COLUMNS.filter((column) => ledger || !column.ledger);
	const lines = [
		columns.map(({ title }) => title),
		...rows.map((row) => columns.map(({ of }) => of(row))),
	];
	const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
	const pad = (text: string, column: number) =>
		columns[column].right ? text.padStart(widths[column]) : text.padEnd(widths[column]);
	lines.splice(
		1,
		0,
		widths.map((width) => '─'.repeat(width)),
	);
	return lines.map((line) => `  ${line.map(pad).join('  ').trimEnd()}\n`).join('');
}

export function costLine(rows: VideoRow[], ledger?: Charge[]): string {
	const estimate = usd(total(rows.map((row) => row.estimatedUsd)));
	if (!ledger) return `Estimated cost: ${estimate}\n`;
	return `At APIXO this would have cost ${estimate}. The stand-in's ledger: ${ledger.length} charges, ${usd(total(ledger.map((charge) => charge.usd)))}. Paid: nothing.\n`;
}

/**
 * What went wrong.
 *
 * @param requested number of videos
 */
export function faults(rows: VideoRow[], requested: number, ledger?: Charge[]): string[] {
	const found = rows.filter((row) => row.fault).map((row) => `${row.file}: ${row.fault}`);
	if (rows.length !== requested) found.push(`${rows.length} videos for ${requested} requests`);
	if (ledger && ledger.length !== requested) {
		found.push(`${ledger.length} charges for ${requested} requests`);
	}
	const wrong = ledger ? rows.filter((row) => row.chargedUsd !== row.estimatedUsd) : [];
	return [
		...found,
		...wrong.map(
			(row) => `${row.taskId}: ${usd(row.estimatedUsd)}, but ${usd(row.chargedUsd)} charged`,
		),
	];
}
