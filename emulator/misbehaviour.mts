const ANSWER = [
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
	'accept',
];
const FATE = ['state', 'fail', 'resultJson', 'never'];

/** What a rule may do, by the kind of request it is on. README.md says what each one means. */
const EFFECTS = {
	submit: [...ANSWER, ...FATE, 'generationMs', 'noTaskId'],
	status: [...ANSWER, ...FATE],
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
	],
	callback: ['duplicate', 'early', 'lose', 'delayMs', 'forge', 'malformed', 'oversizedBytes'],
};

const CRITERIA: Record<string, (expected: unknown, facts: Record<string, unknown>) => boolean> = {
	taskId: (taskId, facts) => facts.taskId === taskId,
	key: (key, facts) => facts.key === key,
	mode: (mode, facts) => facts.mode === mode,
	state: (state, facts) => facts.state === state,
	promptIncludes: (text, facts) => String(facts.prompt ?? '').includes(text),
	nth: () => true,
};

const kindsOf = (rule) => [].concat(rule.on);

/** A misspelt rule would be one that never applies, and its test one that cannot fail. */
function assertKnown(names, known, what) {
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length) throw new Error(`Unknown ${what}: ${unknown.join(', ')}`);
}

/**
 * all that are given must hold; `nth`
 *   counts the requests that fit the rest, from 1
 */
type Match = Partial<Record<keyof typeof CRITERIA, unknown>>;

/** named as in EFFECTS */
export type Effects = Record<string, unknown>;

export interface Rule {
	/** kinds of request: submit, status, balance, other, file, callback */
	on: string | string[];
	match?: Match;
	/** how often the rule is used; for ever when left out */
	times?: number;
	do: Effects;
}

/** The rules in force. For each request the first rule that fits is used, alone. */
export class Misbehaviour {
	lastId;
	rules;

	constructor() {
		this.lastId = 0;
		this.rules = [];
	}

	/** @returns an ID to remove it by @throws on a name that is not known */
	add(rule: Rule): number {
		const { on, match = {}, times = Infinity, do: effects } = rule;
		assertKnown(Object.keys(rule), ['on', 'match', 'times', 'do'], 'rule field');
		assertKnown(kindsOf(rule), Object.keys(EFFECTS), 'kind of request');
		assertKnown(Object.keys(match), Object.keys(CRITERIA), 'match');
		for (const kind of kindsOf(rule)) {
			assertKnown(Object.keys(effects ?? {}), EFFECTS[kind], `misbehaviour on ${kind}`);
		}
		this.lastId += 1;
		this.rules.push({ id: this.lastId, on, match, left: times, seen: 0, do: effects ?? {} });
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
	 * @param facts taskId, key, mode, prompt, state, as far as known
	 * @returns what to do; empty when to behave
	 */
	take(kind: string, facts: object): Effects {
		const fitting = this.fitting(kind, facts);
		for (const rule of fitting) rule.seen += 1;
		const rule = fitting.find((one) => one.left > 0 && (one.match.nth ?? one.seen) === one.seen);
		if (!rule) return {};
		rule.left -= 1;
		return rule.do;
	}

	/** What `take` would answer now, without counting. */
	peek(kind, facts) {
		const next = (rule) => rule.match.nth === undefined || rule.match.nth === rule.seen + 1;
		return this.fitting(kind, facts).find((rule) => rule.left > 0 && next(rule))?.do ?? {};
	}

	fitting(kind, facts) {
		return this.rules.filter(
			(rule) =>
				kindsOf(rule).includes(kind) &&
				Object.entries(rule.match).every(([name, expected]) => CRITERIA[name](expected, facts)),
		);
	}
}
