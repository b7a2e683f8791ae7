import { type ModeName, modeOf } from './modes';

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

/** Sum of amounts in USD, without float dust. */
export const sumUsd = (amounts: number[]): number =>
	amounts.reduce((sum, usd) => sum + Math.round(usd * MILLIONTHS_PER_USD), 0) / MILLIONTHS_PER_USD;
