import { isFlash, usesReferences } from './model.mts';
import type { FlashMode, Mode, Resolution, SubmitInput } from './model.mts';

/** Money is counted in whole hundred-thousandths of a dollar, so that sums stay exact. */
const UNITS_PER_USD = 100_000;

/** Units per second of video */
type Prices = Record<Resolution, number>;

const STANDARD: Prices = { '720p': 10_000, '1080p': 15_000 };

/** From the billing tables of the model's documentation. */
const PRICES: Record<Exclude<Mode, FlashMode>, Prices> = {
	'text-to-video': STANDARD,
	'image-to-video': STANDARD,
	'reference-to-video': { '720p': 20_000, '1080p': 30_000 },
};
const FLASH_PRICES: Record<FlashMode, { sound: Prices; silent: Prices }> = {
	'image-to-video-flash': {
		sound: { '720p': 5_000, '1080p': 7_500 },
		silent: { '720p': 2_500, '1080p': 3_750 },
	},
	'reference-to-video-flash': {
		sound: { '720p': 10_000, '1080p': 16_000 },
		silent: { '720p': 5_000, '1080p': 8_000 },
	},
};

const DEFAULT_DURATION_SECONDS = 5;

/** @returns whole units, see UNITS_PER_USD */
export function priceInUnits({
	mode,
	resolution = usesReferences(mode) ? '1080p' : '720p',
	duration = DEFAULT_DURATION_SECONDS,
	sound = true,
}: SubmitInput): number {
	const prices = isFlash(mode) ? FLASH_PRICES[mode][sound ? 'sound' : 'silent'] : PRICES[mode];
	return prices[resolution] * Number(duration);
}

/** @returns US dollars */
export const toUsd = (units: number): number => units / UNITS_PER_USD;

/** @returns whole units */
export const toUnits = (usd: number): number => Math.round(usd * UNITS_PER_USD);
