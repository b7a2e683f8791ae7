import fc from 'fast-check';
import * as documented from '../../support/model/documented.mts';
import { millionths, toText } from '../support/usd.mts';
import { modeNamed } from '../support/requests.mts';
import { type PricedRequest, priceOf, sumUsd } from '../../../nodes/WanVideo/model/price.ts';

/** Every request that has a price of its own, with the price in exact decimals. */
const requests = documented.PRICES.flatMap(([mode, resolution, sound, usd]) => {
	const [min, max] = documented.MODES[mode].seconds;
	return Array.from({ length: max - min + 1 }, (_, index) => ({
		request: {
			mode: modeNamed(mode),
			resolution,
			duration: min + index,
			...(sound === undefined ? {} : { sound }),
		},
		unit: toText(millionths(usd)),
		total: toText(millionths(usd) * BigInt(min + index)),
	}));
});

test('the price list covers every mode and resolution, flash modes with and without sound', () => {
	const rows = documented.PRICES.map((row) => row.slice(0, 3).join());
	expect(new Set(rows).size).toBe(14);
});

test('every request costs what the documentation says, to the last digit shown', () => {
	expect(requests).toHaveLength(4 * 14 + 4 * 14 + 2 * 9 + 4 * 9);
	for (const { request, unit, total } of requests) {
		const { unitPriceUsd, estimatedCostUsd } = priceOf(request);
		expect([request, String(unitPriceUsd), String(estimatedCostUsd)]).toEqual([
			request,
			unit,
			total,
		]);
	}
});

test('a flash mode that does not speak of sound has sound', () => {
	const request: PricedRequest = { mode: 'image-to-video-flash', resolution: '720p', duration: 4 };
	expect(priceOf(request)).toEqual({ unitPriceUsd: 0.05, estimatedCostUsd: 0.2 });
});

test('a sum of prices is exact, however many there are', () => {
	const lists = fc.array(fc.constantFrom(...requests), { maxLength: 400 });
	fc.assert(
		fc.property(lists, (list) => {
			const exact = list.reduce((sum, { total }) => sum + millionths(total), 0n);
			const sum = sumUsd(list.map(({ request }) => priceOf(request).estimatedCostUsd));
			expect(String(sum)).toBe(toText(exact));
		}),
	);
});
