/**
 * When to poll a task whose duration is not known, but those of similar finished tasks are.
 * Times are milliseconds since the task was submitted.
 */

interface FixedSteps {
	firstMs: number;
	intervalMs: number;
}

/** How many points the known durations are spread over, so that few of them still make a curve. */
const POINTS = 60;
const BISECTIONS = 16;

/** Part of the fixed schedule's polls that may be planned: what comes differs from what is known. */
const POLL_BUDGET = 0.94;

/**
 * The durations as evenly probable points, in order, interpolated between those that are known.
 *
 * @param underWay of so many tasks that began together, of the one that takes longest
 */
export function spread(durations: number[], underWay = 1): number[] {
	const sorted = [...durations].sort((a, b) => a - b);
	return Array.from({ length: POINTS }, (_, point) => {
		const place = ((point + 0.5) / POINTS) ** (1 / underWay) * (sorted.length - 1);
		const below = Math.floor(place);
		const above = Math.min(below + 1, sorted.length - 1);
		return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
	});
}

const pollsOfFixedSteps = (points: number[], { firstMs, intervalMs }: FixedSteps): number =>
	points.reduce((sum, ms) => sum + 1 + Math.ceil(Math.max(0, ms - firstMs) / intervalMs), 0);

/**
 * The polls with the least total cost, where a task costs its lag (from its end to the poll that
 * sees it) plus a price for each poll. Each poll falls on one of the points; by dynamic programming
 * from the last point back.
 */
function cheapest(points: number[], priceMs: number): { times: number[]; polls: number } {
	const count = points.length;
	const sums = [0];
	for (const ms of points) sums.push(sums[sums.length - 1] + ms);
	const cost = new Array<number>(count).fill(Infinity).concat(0);
	const nextPoll = new Array<number>(count);
	for (let done = count - 1; done >= 0; done -= 1) {
		for (let seen = done + 1; seen <= count; seen += 1) {
			const lag = (seen - done) * points[seen - 1] - (sums[seen] - sums[done]);
			const total = lag + priceMs * (count - done) + cost[seen];
			if (total < cost[done]) {
				cost[done] = total;
				nextPoll[done] = seen;
			}
		}
	}
	const times: number[] = [];
	let polls = 0;
	for (let done = 0; done < count; done = nextPoll[done]) {
		polls += count - done;
		times.push(points[nextPoll[done] - 1]);
	}
	return { times, polls };
}

let last: { key: string; times: number[] } | undefined;

/**
 * The times with the least lag that take, on average, no more polls than the fixed steps would.
 *
 * @param durations of finished tasks, milliseconds, any order, at least one
 */
export function pollTimes(durations: number[], fixed: FixedSteps): number[] {
	const key = `${durations.join()} ${fixed.firstMs} ${fixed.intervalMs}`;
	if (last?.key === key) return last.times;
	const points = spread(durations);
	const allowed = pollsOfFixedSteps(points, fixed) * POLL_BUDGET;
	let [low, high] = [0, points[points.length - 1] + 1];
	for (let step = 0; step < BISECTIONS; step += 1) {
		const price = (low + high) / 2;
		if (cheapest(points, price).polls > allowed) low = price;
		else high = price;
	}
	const { times } = cheapest(points, high);
	last = { key, times };
	return times;
}
