import type { OnError } from 'n8n-workflow';
import type { Effects } from '../../../emulator/index.mts';
import { type Draw, drawer } from '../draw.mts';

/** What becomes of a task and of the report of its end. */
export interface Fate {
	name: string;
	/** when it is final: once the execution is parked, as soon as it is submitted, or before that is answered */
	when: 'parked' | 'submitted' | 'at once';
	fails: boolean;
	/** of its delivery */
	effects: Effects;
	/** the report names another task of the same execution */
	namesAnother?: boolean;
	/** for the other one, and for the order; 0 up to 1 */
	lot: number;
}

/** Calls that the node is not waiting for. */
export interface Stray {
	kind: StrayKind;
	/** which task it is about; 0 up to 1 */
	lot: number;
}

export const STRAY_KINDS = [
	'repeated',
	'storm',
	'forged failure',
	'forged video',
	'older URL',
	'unknown task',
	'empty',
	'broken',
	'no token',
	'wrong token',
] as const;

export type StrayKind = (typeof STRAY_KINDS)[number];

/** Nodes that may have the execution parked. */
export const STOP_KINDS = [
	'wan',
	'wait for POST',
	'wait for GET',
	'wait for POST with suffix',
	'wait for GET with suffix',
	'wait for form',
	'wait for seconds',
	'wait for time',
	'wan parked',
	'wait parked',
	'sub-workflow',
] as const;

export type StopKind = (typeof STOP_KINDS)[number];

/** Those that a person calls. */
export const ASKS_A_PERSON: StopKind[] = STOP_KINDS.filter((kind) =>
	/^wait for (POST|GET|form)/.test(kind),
);

/** n8n's database is asked once a minute, so that these take more than one. */
const LONG: StopKind[] = ['wait for time', 'wan parked', 'wait parked'];

/** What happens at a stop in one pass of the loop. */
interface Pass {
	/** one for each video */
	fates: Fate[];
	/** while the execution is parked there */
	strays: Stray[];
}

/** A node that may have the execution parked. */
export interface Stop {
	kind: StopKind;
	/** whether the person calls; if not, the execution stays there */
	isCalled: boolean;
	/** whether the strays come while it is called, instead of before */
	isBusy: boolean;
	/** of a Wan Video node */
	onError: OnError;
	download: boolean;
	/** how long the service takes to send a file */
	fileMs: number;
	/** how long the last submission takes to be answered */
	submitMs: number;
	/** seconds, or left to the node */
	firstPollDelay?: number;
	passes: Pass[];
}

/** One execution, as the seed has it. */
export interface Story {
	number: number;
	/** takes more than a minute */
	isLong: boolean;
	isManual: boolean;
	/** items of Loop Over Items around all stops; undefined without it */
	loops?: number;
	stops: Stop[];
	/** once all is over */
	strays: Stray[];
	/** repeated deliveries come after 30, 60 and 120 s times this */
	timeScale: number;
	seed: number;
}

type Choice<T> = [weight: number, value: T];

function weighted<T>(draw: Draw, choices: Array<Choice<T>>): T {
	const sum = choices.reduce((total, [weight]) => total + weight, 0);
	let left = draw.whole(1, sum);
	for (const [weight, value] of choices) {
		left -= weight;
		if (left <= 0) return value;
	}
	return choices[0][1];
}

type FateMaker = (draw: Draw) => Partial<Omit<Fate, 'name'>>;

/** How often which weather is drawn. */
const WEATHER: Array<Choice<[name: string, make: FateMaker]>> = [
	[6, ['in time', () => ({})]],
	[3, ['at once with its submission', () => ({ when: 'at once' })]],
	[3, ['while others are submitted', () => ({ when: 'submitted' })]],
	[4, ['duplicate', ({ whole }) => ({ effects: { duplicate: whole(1, 3) } })]],
	[2, ['slow', ({ whole }) => ({ effects: { delayMs: whole(200, 3_000) } })]],
	[4, ['first ones lost', ({ whole }) => ({ effects: { lose: whole(1, 3) } })]],
	[1, ['oversized', () => ({ effects: { oversizedBytes: 200_000 } })]],
	[2, ['forged failure', () => ({ effects: { forge: { data: { state: 'failed' } } } })]],
];

/** Nothing but the node's own look, after 62 s, brings the task back. */
const LONG_WEATHER: Array<Choice<[name: string, make: FateMaker]>> = [
	[3, ['lost', () => ({ effects: { lose: true } })]],
	[4, ['later than the look', ({ whole }) => ({ effects: { delayMs: whole(63_000, 70_000) } })]],
	[2, ['names another task', () => ({ namesAnother: true })]],
	[1, ['broken', () => ({ effects: { malformed: true } })]],
];

const drawLot = ({ whole }: Draw) => whole(0, 999) / 1_000;

function drawFate(draw: Draw, isLong: boolean, neverFails: boolean): Fate {
	const [name, make] = weighted(draw, isLong ? LONG_WEATHER : WEATHER);
	const fails = draw.chance(0.08) && !neverFails;
	const lot = drawLot(draw);
	return { name, when: 'parked', fails, effects: {}, lot, ...make(draw) };
}

const drawStrays = (draw: Draw): Stray[] =>
	Array.from({ length: draw.whole(1, 4) }, () => ({
		kind: weighted(draw, [
			[5, 'repeated'],
			...STRAY_KINDS.map((kind): Choice<StrayKind> => [1, kind]),
		]),
		lot: drawLot(draw),
	}));

const ON_ERROR: OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

interface StopOptions {
	kind: StopKind;
	passes: number;
	isLongWeather: boolean;
	/** whether its look at the tasks may come after 62 s instead of four minutes */
	mayLookEarly: boolean;
}

function drawStop(draw: Draw, { kind, passes, isLongWeather, mayLookEarly }: StopOptions): Stop {
	const count = draw.whole(1, 4);
	const long = isLongWeather ? draw.whole(0, count - 1) : -1;
	const isChild = kind === 'sub-workflow';
	return {
		kind,
		isCalled: draw.chance(0.75),
		isBusy: draw.chance(0.25),
		// What n8n makes of a called workflow that fails is not the question here.
		onError: isChild ? 'continueRegularOutput' : draw.one(ON_ERROR),
		download: draw.chance(0.5),
		fileMs: draw.chance(0.6) ? draw.whole(300, 4_000) : 0,
		submitMs: draw.chance(0.4) ? draw.whole(300, 2_500) : 0,
		firstPollDelay: mayLookEarly && draw.chance(isLongWeather ? 0.9 : 0.5) ? 62 : undefined,
		passes: Array.from({ length: passes }, () => ({
			fates: Array.from({ length: count }, (_, item) => drawFate(draw, item === long, isChild)),
			strays: drawStrays(draw),
		})),
	};
}

/**
 * @param longShare how many of the stories may take more than a minute; 0 up to 1
 */
export function drawStory(seed: number, number: number, longShare: number): Story {
	const draw = drawer(seed * 1_000_003 + number);
	const isLong = draw.chance(longShare);
	const loops = draw.chance(0.25) ? draw.whole(1, 2) : undefined;
	const passes = loops ?? 1;
	const isLongWeather = isLong && draw.chance(0.5);
	const kinds = STOP_KINDS.filter((kind) => !LONG.includes(kind) || (isLong && passes === 1));
	const longOnes = kinds.filter((kind) => LONG.includes(kind));
	const behind = Array.from({ length: draw.whole(1, 3) }, () => draw.one(kinds));
	// One that is drawn to be long is.
	if (isLong && !isLongWeather && longOnes.length > 0) behind[0] = draw.one(longOnes);
	const stops = (['wan', ...behind] as StopKind[]).map((kind, index) =>
		drawStop(draw, {
			kind,
			passes,
			isLongWeather: isLongWeather && index === 0,
			mayLookEarly: isLong && index === 0,
		}),
	);
	return {
		number,
		isLong,
		isManual: draw.chance(0.2),
		loops,
		stops,
		strays: drawStrays(draw),
		timeScale: draw.whole(50, 150) / 1_000,
		seed: draw.whole(1, 2 ** 30),
	};
}
