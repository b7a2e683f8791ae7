/** Money is counted in whole hundred-thousandths of a dollar, so that sums carry no float dust. */
const UNITS_PER_USD = 100_000;

const STANDARD = { '720p': 10_000, '1080p': 15_000 };

/**
 * Units per second of video, from the billing tables of the model's documentation.
 * A flash row is split by the sound switch.
 */
const PRICES = {
	'text-to-video': STANDARD,
	'image-to-video': STANDARD,
	'reference-to-video': { '720p': 20_000, '1080p': 30_000 },
	'image-to-video-flash': {
		true: { '720p': 5_000, '1080p': 7_500 },
		false: { '720p': 2_500, '1080p': 3_750 },
	},
	'reference-to-video-flash': {
		true: { '720p': 10_000, '1080p': 16_000 },
		false: { '720p': 5_000, '1080p': 8_000 },
	},
};

const DEFAULT_DURATION_SECONDS = 5;

const defaultResolution = (mode) => (mode.startsWith('reference') ? '1080p' : '720p');

/**
 * The price of a valid request.
 *
 * @returns whole units, see UNITS_PER_USD
 */
export function priceInUnits({
	mode,
	resolution,
	duration,
	sound = true,
}: {
	mode: string;
	resolution?: string;
	duration?: number | string;
	sound?: boolean;
}): number {
	const byResolution = mode.endsWith('-flash') ? PRICES[mode][sound] : PRICES[mode];
	const perSecond = byResolution[resolution ?? defaultResolution(mode)];
	return perSecond * Number(duration ?? DEFAULT_DURATION_SECONDS);
}

/** @returns US dollars */
export const toUsd = (units: number): number => units / UNITS_PER_USD;

/** @param usd US dollars @returns whole units */
export const toUnits = (usd: number): number => Math.round(usd * UNITS_PER_USD);
