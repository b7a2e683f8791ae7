'use strict';

const { node } = require('../../e2e/support/workflows');

/** Looks once a second, so that an execution is soon where the kill is to meet it. */
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

/**
 * Where the kill meets an execution.
 *
 * @typedef {object} Phase
 * @property {object} parameters of the node
 * @property {string[]} [items] what its prompts end with; default: two plain ones
 * @property {() => object[]} [after] nodes that follow
 * @property {object[]} [rules] of the emulator, for good; matched by the name of the phase
 * @property {object[]} [holds] rules that hold it in this phase, until n8n was killed
 * @property {boolean} [finishes] its tasks are finished before the kill
 * @property {(seen: { requests: (kind: string) => object[], charged: number, waiting: number },
 *   count: number) => boolean} isThere whether so many executions have come to it
 * @property {boolean} [goesOnByRetry] with n8n's "Save execution progress", a Retry begins behind the
 *   node, and delivers what was paid for
 * @property {boolean} [survives] the kill does not matter: it goes on with its videos
 */

const open = (requests) => requests.filter(({ endedAt }) => endedAt === undefined).length;

/** @type {Record<string, Phase>} */
const PHASES = {
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
		items: ['', 'held', ''],
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
	'handling a callback': {
		parameters: PARKING,
		survives: true,
		holds: [{ on: 'status', do: { delayMs: HELD_MS } }],
		finishes: true,
		isThere: ({ requests }, count) => open(requests('status')) >= count,
	},
	'downloading in a callback': {
		parameters: { ...PARKING, download: true },
		survives: true,
		holds: [{ on: 'file', do: { delayMs: HELD_MS } }],
		finishes: true,
		isThere: ({ requests }, count) => open(requests('file')) >= count,
	},
};

module.exports = { PHASES };
