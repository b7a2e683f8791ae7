import type { RequestKind } from './routes.mts';
import type { Failure } from './tasks.mts';

/** A kind of request, or the delivery of a callback. */
export type RuleKind = RequestKind | 'callback';

/**
 * What a rule may do; README.md says what each one means. Not every kind of request takes every
 * effect: see EFFECTS.
 */
export interface Effects {
	httpStatus?: number;
	code?: number;
	message?: string;
	/** instead of the service's own */
	envelope?: unknown;
	headers?: Record<string, string>;
	/** seconds, or an HTTP date */
	retryAfter?: number | string;
	delayMs?: number;
	cut?: boolean;
	reset?: boolean;
	loseAnswer?: boolean;
	malformedJson?: boolean;
	html?: boolean;
	/** instead of the envelope */
	text?: string;
	accept?: boolean;

	state?: string;
	fail?: Failure;
	resultJson?: string;
	never?: boolean;
	generationMs?: number;
	noTaskId?: boolean;

	contentType?: string;
	/** how many in a row */
	redirects?: number;
	redirectTo?: string;
	endless?: boolean;
	bytesPerSecond?: number;
	noLength?: boolean;
	ignoreRange?: boolean;

	/** how many more copies */
	duplicate?: number;
	early?: boolean;
	/** true: all attempts; a number: the first ones */
	lose?: boolean | number;
	/** fields of the envelope and of its data */
	forge?: { data?: object; [field: string]: unknown };
	malformed?: boolean;
	oversizedBytes?: number;
}

type EffectName = keyof Effects;

const ANSWER: EffectName[] = [
	'httpStatus',
	'envelope',
	'headers',
	'code',
	'message',
	'retryAfter',
	'delayMs',
	'cut',
	'reset',
	'loseAnswer',
	'malformedJson',
	'html',
	'text',
	'accept',
];
const TASK: EffectName[] = ['state', 'fail', 'resultJson', 'never'];

const EFFECTS: Record<RuleKind, EffectName[]> = {
	submit: [...ANSWER, ...TASK, 'generationMs', 'noTaskId'],
	status: [...ANSWER, ...TASK],
	balance: ANSWER,
	other: ANSWER,
	file: [
		'httpStatus',
		'headers',
		'contentType',
		'delayMs',
		'reset',
		'cut',
		'html',
		'redirects',
		'redirectTo',
		'endless',
		'bytesPerSecond',
		'noLength',
		'ignoreRange',
	],
	callback: ['duplicate', 'early', 'lose', 'delayMs', 'forge', 'malformed', 'oversizedBytes'],
};

/** All that are given must hold. */
export interface Match {
	taskId?: string;
	key?: string;
	mode?: string;
	/** of the task, now */
	state?: string;
	promptIncludes?: string;
	/** of the requests that fit the rest, from 1 */
	nth?: number;
}

const EQUAL = ['taskId', 'key', 'mode', 'state'] as const;
const MATCH_FIELDS = [...EQUAL, 'promptIncludes', 'nth'];

export interface Rule {
	on: RuleKind | RuleKind[];
	match?: Match;
	/** how often the rule is used; for ever when left out */
	times?: number;
	do: Effects;
}

/** What is known of a request. Mode and prompt are as sent. */
export interface Facts {
	taskId?: string;
	key?: string;
	mode?: unknown;
	prompt?: unknown;
	state?: string;
}

interface ActiveRule {
	id: number;
	on: RuleKind[];
	match: Match;
	/** how often it may still be used */
	left: number;
	/** how many requests fitted so far */
	seen: number;
	do: Effects;
}

/** A misspelt rule would be one that never applies, and its test one that cannot fail. */
function assertKnown(names: string[], known: string[], what: string) {
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length) throw new Error(`Unknown ${what}: ${unknown.join(', ')}`);
}

function holds(match: Match, facts: Facts): boolean {
	return (
		EQUAL.every((name) => !(name in match) || match[name] === facts[name]) &&
		(!('promptIncludes' in match) ||
			String(facts.prompt ?? '').includes(String(match.promptIncludes)))
	);
}

/** The rules in force. For each request the first rule that fits is used, alone. */
export class Misbehaviour {
	private lastId = 0;
	private rules: ActiveRule[] = [];

	/** @returns an ID to remove it by @throws on a name that is not known */
	add(rule: Rule): number {
		const { match = {}, times = Infinity, do: effects = {} } = rule;
		const on = [rule.on].flat();
		assertKnown(Object.keys(rule), ['on', 'match', 'times', 'do'], 'rule field');
		assertKnown(on, Object.keys(EFFECTS), 'kind of request');
		assertKnown(Object.keys(match), MATCH_FIELDS, 'match');
		for (const kind of on) {
			assertKnown(Object.keys(effects), EFFECTS[kind], `misbehaviour on ${kind}`);
		}
		this.lastId += 1;
		this.rules.push({ id: this.lastId, on, match, left: times, seen: 0, do: effects });
		return this.lastId;
	}

	reset() {
		this.rules = [];
	}

	/** @param id all rules when left out */
	remove(id?: number) {
		this.rules = id === undefined ? [] : this.rules.filter((rule) => rule.id !== id);
	}

	/**
	 * Finds the rule for a request and counts the request against it.
	 *
	 * @returns what to do; empty when to behave
	 */
	take(kind: RuleKind, facts: Facts): Effects {
		const fitting = this.fitting(kind, facts);
		for (const rule of fitting) rule.seen += 1;
		const rule = fitting.find((one) => one.left > 0 && (one.match.nth ?? one.seen) === one.seen);
		if (!rule) return {};
		rule.left -= 1;
		return rule.do;
	}

	/** What `take` would answer now, without counting. */
	peek(kind: RuleKind, facts: Facts): Effects {
		const isNext = ({ match, seen }: ActiveRule) => (match.nth ?? seen + 1) === seen + 1;
		return this.fitting(kind, facts).find((rule) => rule.left > 0 && isNext(rule))?.do ?? {};
	}

	private fitting(kind: RuleKind, facts: Facts): ActiveRule[] {
		return this.rules.filter((rule) => rule.on.includes(kind) && holds(rule.match, facts));
	}
}
