import type { INodeParameters } from 'n8n-workflow';
import type { RequestEntry, RequestKind, Rule } from '../../../emulator/index.mts';
import { node } from '../../support/n8n/workflows.mts';

/** Polls once a second, so that an execution is soon where the kill is to meet it. */
const POLLING = { options: { firstPollDelay: 0, pollInterval: 1 } };
const PARKING = { waitFor: 'callback' };

/** Longer than any round. */
const HELD_MS = 600_000;

/** Fetches the video, which the emulator holds back. */
const slow = () =>
	node('Slow', 'httpRequest', {
		typeVersion: 4.2,
		parameters: {
			url: '={{ $json.videoUrl }}',
			options: { response: { response: { responseFormat: 'file' } } },
		},
	});

/** What APIXO and n8n saw so far of the executions of one workflow. */
export interface Seen {
	requests: (kind: RequestKind) => RequestEntry[];
	/** tasks */
	charged: number;
	/** executions that are parked */
	waiting: number;
}

interface PhaseRule extends Omit<Rule, 'match'> {
	/** what the end of the prompt includes; default: any prompt of the phase */
	match?: string;
}

/** Where the kill meets an execution. */
interface Phase {
	/** of the node */
	parameters: INodeParameters;
	/** what the prompts of its items end with; default: two plain ones */
	promptEnds?: string[];
	/** nodes that follow */
	after?: () => Array<ReturnType<typeof node>>;
	/** of the emulator, for good */
	rules?: PhaseRule[];
	/** rules that hold it in this phase, until n8n was killed */
	holds?: PhaseRule[];
	/** its tasks are finished before the kill */
	finishes?: boolean;
	/** whether so many executions have come to it */
	isThere: (seen: Seen, count: number) => boolean;
	/** with n8n's "Save execution progress", a Retry begins behind the node, and delivers what was paid for */
	goesOnByRetry?: boolean;
	/** the kill does not matter: it goes on with its videos */
	survives?: boolean;
}

const open = (requests: RequestEntry[]) =>
	requests.filter(({ endedAt }) => endedAt === undefined).length;

export const PHASES: Record<string, Phase> = {
	'before submit': {
		parameters: POLLING,
		rules: [{ on: 'submit', do: { retryAfter: 300 } }],
		isThere: ({ requests }, count) => requests('submit').length >= 2 * count,
	},
	'submit unanswered': {
		parameters: POLLING,
		rules: [{ on: 'submit', do: { delayMs: HELD_MS } }],
		isThere: ({ charged }, count) => charged >= 2 * count,
	},
	'submit answered in part': {
		parameters: PARKING,
		promptEnds: ['', 'held', ''],
		rules: [{ on: 'submit', match: 'held', do: { delayMs: HELD_MS } }],
		isThere: ({ charged }, count) => charged >= 3 * count,
	},
	polling: {
		parameters: POLLING,
		isThere: ({ requests }, count) => requests('status').length >= 3 * count,
	},
	downloading: {
		parameters: { ...POLLING, download: true },
		holds: [{ on: 'file', do: { delayMs: HELD_MS } }],
		finishes: true,
		isThere: ({ requests }, count) => open(requests('file')) >= 2 * count,
	},
	'what follows runs': {
		parameters: POLLING,
		after: () => [slow()],
		holds: [{ on: 'file', do: { delayMs: HELD_MS } }],
		finishes: true,
		goesOnByRetry: true,
		isThere: ({ requests }, count) => open(requests('file')) >= 2 * count,
	},
	parked: {
		parameters: PARKING,
		survives: true,
		isThere: ({ waiting }, count) => waiting >= count,
	},
};

/** One for each item of an execution. */
export const promptEndsOf = (phase: string): string[] => PHASES[phase].promptEnds ?? ['', ''];
