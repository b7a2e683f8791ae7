/**
 * When to look at a task while its execution is parked in between, if the durations of similar
 * finished tasks are known. A look that is near is waited for in the process, which holds a slot of
 * n8n; one that is far is parked for. Times are milliseconds since the task was submitted.
 */
import { spread } from './pollTimes';

interface ParkRules {
	/** The shortest pause that can be parked for. */
	parkMs: number;
	/** The shortest pause between two looks. */
	stepMs: number;
}

/** How much of the whole time may be spent in a slot of n8n, on average. */
const MAX_SLOT_SHARE = 0.09;

/** What a look costs, as time that a finished task waits for it. */
const LOOK_PRICE_MS = 300;

const BISECTIONS = 14;

interface Plan {
	times: number[];
	/** Time in a slot, of all points together. */
	slotMs: number;
}

/** The looks with the least total cost: lag, looks, and time in a slot. */
function cheapest(points: number[], { parkMs, stepMs }: ParkRules, slotPrice: number): Plan {
	const last = points[points.length - 1];
	// Each look falls on a point, or comes as soon after another as can be parked for.
	const far = points.flatMap((point) => [point + parkMs, point + stepMs]);
	const ends = [...points, ...far, parkMs, 2 * parkMs];
	const times = [0, ...new Set(ends.filter((ms) => ms > 0).sort((a, b) => a - b))];
	// By time: how many points lie up to it, and their sum.
	let counted = 0;
	let sum = 0;
	const upTo = times.map((time) => {
		for (; counted < points.length && points[counted] <= time; counted += 1) sum += points[counted];
		return { count: counted, sum };
	});
	const cost = new Array<number>(times.length).fill(Infinity);
	const next = new Array<number>(times.length).fill(-1);
	for (let from = times.length - 1; from >= 0; from -= 1) {
		const alive = points.length - upTo[from].count;
		if (alive === 0) cost[from] = 0;
		for (let to = from + 1; alive > 0 && to < times.length; to += 1) {
			const gap = times[to] - times[from];
			if (gap < stepMs) continue;
			const ended = upTo[to].count - upTo[from].count;
			const lag = ended * times[to] - (upTo[to].sum - upTo[from].sum);
			const slot = gap < parkMs ? slotPrice * gap * alive : 0;
			const total = lag + slot + LOOK_PRICE_MS * alive + cost[to];
			if (total < cost[from]) {
				cost[from] = total;
				next[from] = to;
			}
		}
	}
	const looks: number[] = [];
	let slotMs = 0;
	for (let at = 0; next[at] > 0 && times[at] < last; at = next[at]) {
		const gap = times[next[at]] - times[at];
		if (gap < parkMs) slotMs += gap * (points.length - upTo[at].count);
		looks.push(times[next[at]]);
	}
	return { times: looks, slotMs };
}

let latest: { key: string; times: number[] } | undefined;

/**
 * The times with the least lag for which, on average, no more than a part of the wait is spent in a
 * slot of n8n.
 *
 * @param durations of finished tasks, milliseconds, any order, at least one
 * @param underWay how many tasks are waited for: what matters is when the last of them is finished
 */
export function parkTimes(durations: number[], rules: ParkRules, underWay = 1): number[] {
	const key = `${durations.join()} ${rules.parkMs} ${rules.stepMs} ${underWay}`;
	if (latest?.key === key) return latest.times;
	const points = spread(durations, underWay);
	const allowedMs = MAX_SLOT_SHARE * points.reduce((sum, ms) => sum + ms, 0);
	let [low, high] = [0, 32];
	for (let step = 0; step < BISECTIONS; step += 1) {
		const price = (low + high) / 2;
		if (cheapest(points, rules, price).slotMs > allowedMs) low = price;
		else high = price;
	}
	const { times } = cheapest(points, rules, high);
	latest = { key, times };
	return times;
}
