/*
 * What can befall one task, by the kind of request. Each fate is a list of rules of the emulator;
 * several of one kind follow each other. The seed draws one fate of each kind for each task.
 */
import type { Effects, Rule, RuleKind } from '../../../emulator/index.mts';
import type { Draw } from '../draw.mts';

type Misfortune = Pick<Rule, 'times' | 'do'>;
type Drawn<T> = (draw: Draw) => T;

const REFUSAL_MESSAGES: Record<number, string> = {
	400: 'bad duration',
	402: 'no balance',
	403: 'not allowed',
};

/** What passes; the node must not even mention it. */
const PASSING: Array<Drawn<Misfortune>> = [
	({ whole }) => ({ times: whole(1, 6), do: { retryAfter: whole(0, 4) } }),
	({ whole }) => ({ times: whole(1, 3), do: { code: 429, message: 'slow down' } }),
	({ whole, one }) => ({ times: whole(1, 4), do: { httpStatus: one([500, 502, 503]) } }),
	({ whole }) => ({ times: whole(1, 2), do: { code: 500, message: 'oops' } }),
	({ whole }) => ({ do: { delayMs: whole(5, 80) } }),
];

const BROKEN_RESPONSES: Effects[] = [
	{ cut: true },
	{ reset: true },
	{ loseAnswer: true },
	{ malformedJson: true },
];

/** Polls can be repeated, so that for them all of this passes, too. */
const PASSING_POLLS: Array<Drawn<Misfortune>> = [
	...PASSING,
	...BROKEN_RESPONSES.map(
		(effects): Drawn<Misfortune> =>
			({ whole }) => ({ times: whole(1, 5), do: effects }),
	),
	({ whole }) => ({ times: whole(1, 5), do: { html: true } }),
	({ whole }) => ({ times: whole(1, 5), do: { httpStatus: 504 } }),
	({ whole, one }) => ({ times: whole(1, 4), do: { state: one(['queued', 'PENDING', '?']) } }),
	({ whole }) => ({ times: whole(1, 4), do: { envelope: { code: 200, data: null } } }),
];

const refused: Drawn<Misfortune> = ({ one }) => {
	const httpStatus = one([400, 401, 402, 403, 413]);
	return { do: { httpStatus, message: REFUSAL_MESSAGES[httpStatus] } };
};

/** Whether the task exists is unknown to the node: it must not submit again, and must say so. */
const UNKNOWN: Effects[] = [
	{ loseAnswer: true },
	{ cut: true },
	{ malformedJson: true },
	{ html: true },
	{ noTaskId: true },
	{ reset: true },
	{ httpStatus: 504 },
	{ httpStatus: 504, accept: true },
	{ httpStatus: 520, accept: true },
	{ envelope: { code: 200, message: 'success', data: null }, accept: true },
];

const unknown: Drawn<Misfortune> = ({ one }) => ({ do: one(UNKNOWN) });

const GENERATIONS: Array<Drawn<Misfortune>> = [
	() => ({ do: { never: true } }),
	({ whole }) => ({ times: whole(1, 2), do: { fail: { failCode: 'NSFW', failMsg: 'unsafe' } } }),
	() => ({ do: { fail: { failCode: 'GENERATION_FAILED' } } }),
	({ one }) => ({
		do: {
			resultJson: one(['{oops', '[]', 'null', '{"resultUrls":[]}', '{"resultUrls":["ftp://x"]}']),
		},
	}),
	({ whole }) => ({ do: { generationMs: whole(0, 300) } }),
];

const nothing = () => [];

/** @returns up to three that pass, one after another */
const several = (draw: Draw, list: Array<Drawn<Misfortune>>): Misfortune[] =>
	Array.from({ length: draw.whole(1, 3) }, () => draw.one(list)(draw));

type Choice = [weight: number, fate: Drawn<Misfortune[]>];

/** Per kind of request: how often which fate is drawn. */
const FATES: Array<[on: RuleKind, choices: Choice[]]> = [
	[
		'submit',
		[
			[10, nothing],
			[6, (draw) => several(draw, PASSING)],
			[2, (draw) => [refused(draw)]],
			[1, () => [{ do: { httpStatus: 503 } }]],
			[4, (draw) => [unknown(draw)]],
			[2, (draw) => [draw.one(PASSING)(draw), unknown(draw)]],
			[5, (draw) => [draw.one(GENERATIONS)(draw)]],
		],
	],
	[
		'status',
		[
			[10, nothing],
			[8, (draw) => several(draw, PASSING_POLLS)],
			[1, (draw) => [{ do: { httpStatus: draw.one([401, 403, 404, 503]) } }]],
		],
	],
	[
		'file',
		[
			[10, nothing],
			[1, () => [{ do: { redirects: 2 } }]],
			[1, () => [{ times: 1, do: { httpStatus: 404 } }]],
			[1, () => [{ do: { cut: true } }]],
			[1, () => [{ do: { html: true } }]],
			[1, () => [{ times: 1, do: { reset: true } }]],
		],
	],
	[
		'callback',
		[
			[8, ({ whole }) => [{ do: { delayMs: whole(0, 150) } }]],
			[3, ({ whole }) => [{ do: { duplicate: whole(1, 3) } }]],
			[3, ({ whole }) => [{ do: { lose: whole(1, 3) } }]],
			[1, () => [{ do: { lose: true } }]],
			[2, () => [{ do: { early: true } }]],
			[1, () => [{ do: { malformed: true } }]],
			[1, () => [{ do: { oversizedBytes: 200_000 } }]],
			[1, () => [{ do: { forge: { data: { taskId: 'task_of_someone_else' } } } }]],
			[1, () => [{ do: { forge: { data: { state: 'failed', failCode: 'Forged' } } } }]],
		],
	],
];

function drawn(draw: Draw, choices: Choice[]): Misfortune[] {
	let left = draw.whole(
		1,
		choices.reduce((sum, [weight]) => sum + weight, 0),
	);
	for (const [weight, fate] of choices) {
		left -= weight;
		if (left <= 0) return fate(draw);
	}
	return [];
}

/**
 * Draws what befalls a task.
 *
 * @param prompt that no other task has
 */
export function fateOf(draw: Draw, prompt: string): Rule[] {
	return FATES.flatMap(([on, choices]) =>
		drawn(draw, choices).map((misfortune) => ({
			on,
			match: { promptIncludes: prompt },
			...misfortune,
		})),
	);
}
