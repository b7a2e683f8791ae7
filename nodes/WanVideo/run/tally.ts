import { type PricedRequest, dollars, priceOf, sumUsd } from '../model/price';

/** What a run came to; saved while it is parked. */
export interface Sum {
	videos: number;
	seconds: number;
	usd: number;
	/** Tasks that were paid for before. */
	pickedUp: number;
}

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Adds up what a run submits and picks up. */
export class Tally {
	sum: Sum = { videos: 0, seconds: 0, usd: 0, pickedUp: 0 };

	add(request: PricedRequest, isNew: boolean): void {
		const { sum } = this;
		if (!isNew) {
			sum.pickedUp += 1;
			return;
		}
		sum.videos += 1;
		sum.seconds += request.duration;
		sum.usd = sumUsd([sum.usd, priceOf(request).estimatedCostUsd]);
	}

	/** In words; undefined if the run came to nothing. */
	get inWords(): string | undefined {
		const { videos, seconds, usd, pickedUp } = this.sum;
		if (videos === 0 && pickedUp === 0) return undefined;
		const made = `Submitted ${counted(videos, 'video')}: ${counted(seconds, 'second')}, about ${dollars(usd)}`;
		const before = `${pickedUp} that ${pickedUp === 1 ? 'was' : 'were'} paid before`;
		if (pickedUp === 0) return made;
		return videos === 0
			? `Picked up ${before}, and submitted nothing`
			: `${made}. Picked up ${before}`;
	}
}
