import { type Mode, type ModeName, modeOf } from './modes';

export interface PricedRequest {
	mode: ModeName;
	resolution: string;
	/** Whole seconds of video. */
	duration: number;
	/** Only known to flash modes; on unless switched off. */
	sound?: boolean;
}

export interface Price {
	/** USD per second of video. */
	unitPriceUsd: number;
	/** USD for the whole video. */
	estimatedCostUsd: number;
}

const MILLIONTHS_PER_USD = 1_000_000;

/** What a request costs by the service's price list: seconds × price per second. */
export function priceOf({ mode, resolution, duration, sound }: PricedRequest): Price {
	const { withSound, silent } = modeOf(mode).price[resolution];
	const unit = sound === false ? silent : withSound;
	return {
		unitPriceUsd: unit / MILLIONTHS_PER_USD,
		estimatedCostUsd: (unit * duration) / MILLIONTHS_PER_USD,
	};
}

/** An amount in USD as users read it: cents, and fractions of a cent only where there are any. */
export const dollars = (usd: number): string => `$${usd.toFixed(6).replace(/0{1,4}$/, '')}`;

const dollarsOf = (millionths: number) => dollars(millionths / MILLIONTHS_PER_USD);

/** The price of a second in a mode, in words. */
export function secondPriceInWords({ price, hasSoundSwitch }: Mode, resolution: string): string {
	const { withSound, silent } = price[resolution];
	const perSecond = `${dollarsOf(withSound)} per second`;
	return hasSoundSwitch ? `${perSecond} with sound, ${dollarsOf(silent)} without` : perSecond;
}

/** The prices of a second in any of the modes that have the resolution, in words. */
export function secondPricesInWords(modes: Mode[], resolution: string): string {
	const prices = modes
		.flatMap(({ price }) => (Object.hasOwn(price, resolution) ? [price[resolution]] : []))
		.flatMap(({ withSound, silent }) => [withSound, silent]);
	return `${dollarsOf(Math.min(...prices))} to ${dollarsOf(Math.max(...prices))} per second, depending on Mode and Sound`;
}

/** Sum of amounts in USD, without float dust. */
export const sumUsd = (amounts: number[]): number =>
	amounts.reduce((sum, usd) => sum + Math.round(usd * MILLIONTHS_PER_USD), 0) / MILLIONTHS_PER_USD;
