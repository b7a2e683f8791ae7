import type { Verdict } from './action';

/**
 * What an answer means that is not APIXO's, but of a server between n8n and APIXO: a proxy, a
 * firewall, a gateway, a content delivery network. It says nothing about the API key, the balance,
 * the task or the model. Whether the request was passed on is known only where the server refused
 * it: a gateway that reports trouble behind it may have reported an accepted submission.
 */

const HINT =
	'The answer came from a proxy, a firewall or a gateway between your n8n server and APIXO, not from APIXO. If it keeps coming, check what stands there, and the Base URL.';

const REFUSED: Verdict = {
	submit: 'stop',
	read: 'stop',
	what: 'A server between n8n and APIXO refused the request',
	hint: HINT,
};

const BROKEN: Verdict = {
	submit: 'ambiguous',
	read: 'retryUntilDeadline',
	what: 'A server between n8n and APIXO answered in place of APIXO',
	hint: HINT,
};

const OUT_OF_TIME: Verdict = {
	...BROKEN,
	what: 'A server between n8n and APIXO did not get an answer in time',
};

/** Cloudflare's own codes for a service that it could not connect to. */
const UNCONNECTED: Verdict = {
	...BROKEN,
	submit: 'retry',
	what: 'A server between n8n and APIXO could not reach APIXO',
};

const BY_STATUS: Record<number, Verdict> = {
	404: {
		...REFUSED,
		refusesAll: true,
		what: 'A server between n8n and APIXO does not know the address',
		hint: `Check the Base URL: it ends in /api/v1. ${HINT}`,
	},
	407: {
		...REFUSED,
		refusesAll: true,
		what: 'A server between n8n and APIXO, a proxy, asks for a login and did not pass the request on',
		hint: 'Check the user name and the password of the proxy in the settings of your n8n server (HTTPS_PROXY), or let its address pass without a login.',
	},
	408: OUT_OF_TIME,
	429: {
		...REFUSED,
		submit: 'retryUntilDeadline',
		read: 'retryUntilDeadline',
		what: 'A server between n8n and APIXO is limiting requests',
		hint: 'Lower Max Parallel Tasks in Options, or run fewer executions at once.',
	},
	504: OUT_OF_TIME,
	521: UNCONNECTED,
	523: UNCONNECTED,
	524: OUT_OF_TIME,
	525: UNCONNECTED,
	526: UNCONNECTED,
};

export function verdictOnForeign(status: number): Verdict {
	if (Object.hasOwn(BY_STATUS, status)) return BY_STATUS[status];
	return status >= 400 && status < 500 ? REFUSED : BROKEN;
}
