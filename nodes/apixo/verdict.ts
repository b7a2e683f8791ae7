import { excerpt } from '../shared/values';
import type { Purpose, Verdict } from './action';
import { verdictOnForeign } from './between';
import type { ServiceResponse } from './response';
import { type Failure, STOPPED } from './result';

const AMBIGUOUS_HINT =
	'APIXO may have accepted and billed the request, so it is not sent again by itself. Look at your balance and your tasks at APIXO; if nothing was billed, run the workflow anew.';

const LATER_HINT =
	'Usually this passes. Run the workflow again later; with Retry On Fail in the node settings, n8n does it for you.';

const BY_CODE: Record<number, Verdict> = {
	400: {
		submit: 'stop',
		read: 'stop',
		what: 'APIXO refused the request as invalid',
		hint: 'Check the parameter that the message names, then run the item again.',
	},
	401: {
		submit: 'stop',
		read: 'stop',
		refusesAll: true,
		what: 'APIXO did not accept the API key',
		hint: 'Open the APIXO credential of this node and check its API Key.',
	},
	402: {
		submit: 'stop',
		read: 'stop',
		refusesAll: true,
		what: 'The APIXO balance or quota is used up',
		hint: 'Add balance to your APIXO account, or use the credential of another account.',
	},
	403: {
		submit: 'stop',
		read: 'stop',
		what: 'APIXO does not allow this request',
		hint: 'The API key may not use this model, or not from this server, or the content was refused. Check at APIXO the permissions of the key, its IP allowlist, which must hold the address of your n8n server, and its routing strategy; then the Prompt and the media.',
	},
	404: {
		submit: 'stop',
		read: 'stop',
		what: 'APIXO does not know what was asked for',
		hint: 'Check the Base URL in the APIXO credential.',
	},
	429: {
		submit: 'retryUntilDeadline',
		read: 'retryUntilDeadline',
		what: 'APIXO is limiting requests of this API key',
		hint: 'Lower Max Parallel Tasks in Options, or run fewer executions at once.',
	},
	500: { submit: 'retry', read: 'retryUntilDeadline', what: 'APIXO had trouble', hint: LATER_HINT },
	502: {
		submit: 'retry',
		read: 'retryUntilDeadline',
		what: "APIXO's model had trouble",
		hint: LATER_HINT,
	},
	503: {
		submit: 'retry',
		read: 'retryUntilDeadline',
		what: 'APIXO is not available',
		hint: LATER_HINT,
	},
	504: {
		submit: 'ambiguous',
		read: 'retryUntilDeadline',
		what: "APIXO's model did not answer in time",
		hint: LATER_HINT,
	},
};

const OTHER_CLIENT_ERROR: Verdict = {
	submit: 'stop',
	read: 'stop',
	what: 'APIXO refused the request',
	hint: 'Check the Base URL in the APIXO credential, and the parameters of the node.',
};

const OTHER_SERVER_ERROR: Verdict = {
	submit: 'ambiguous',
	read: 'retryUntilDeadline',
	what: 'APIXO, or a server in front of it, had trouble',
	hint: LATER_HINT,
};

const REDIRECT: Verdict = {
	submit: 'stop',
	read: 'stop',
	refusesAll: true,
	what: 'The Base URL answers with a redirect, which is not followed to keep the API key safe',
	hint: 'Correct the Base URL in the APIXO credential. If it is right, a proxy or a login page of your network answers in place of APIXO.',
};

const UNREADABLE: Verdict = {
	submit: 'ambiguous',
	read: 'retryUntilDeadline',
	what: "APIXO's answer could not be read",
	hint: 'If this keeps happening, check the Base URL in the APIXO credential.',
};

const UNREACHED: Verdict = {
	submit: 'retry',
	read: 'retryUntilDeadline',
	what: 'APIXO could not be reached',
	hint: 'Check the network of your n8n server (DNS, proxy, firewall) and the Base URL in the APIXO credential. Nothing was submitted.',
};

const UNANSWERED: Verdict = {
	submit: 'ambiguous',
	read: 'retryUntilDeadline',
	what: "APIXO's answer did not arrive",
	hint: LATER_HINT,
};

/** A balance that is too low is also reported as an invalid or a forbidden request. */
const MEANS_BALANCE =
	/(insufficient|not enough).{0,20}(credit|balance|quota|funds)|(credit|balance|quota|funds).{0,20}(insufficient|not enough|too low|exhausted)/i;

/** A request may also be forbidden because of what it asks for, which others do not. */
const MEANS_KEY = /\b(api.?key|model|permissions?|allow.?list|white.?list|ip)\b/i;

const isRedirect = (code: number) => code >= 300 && code < 400;

function verdictFor(code: number, message = ''): Verdict {
	if ((code === 400 || code === 403) && MEANS_BALANCE.test(message)) return BY_CODE[402];
	if (code === 403) return { ...BY_CODE[403], refusesAll: MEANS_KEY.test(message) };
	if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code];
	if (isRedirect(code)) return REDIRECT;
	if (code >= 400 && code < 500) return OTHER_CLIENT_ERROR;
	return OTHER_SERVER_ERROR;
}

function verdictOn(response: Exclude<ServiceResponse, { kind: 'stopped' }>): Verdict {
	switch (response.kind) {
		case 'unreadable':
			return UNREADABLE;
		case 'unanswered':
			return response.reached ? UNANSWERED : UNREACHED;
		case 'foreign':
			return isRedirect(response.code) ? REDIRECT : verdictOnForeign(response.code);
		case 'envelope':
			return verdictFor(response.code, response.message);
	}
}

function reasonIn(response: ServiceResponse): string {
	if (response.kind === 'unanswered') return `: ${response.reason}`;
	const said = 'message' in response && response.message ? excerpt(response.message) : undefined;
	if (response.kind !== 'foreign') return said === undefined ? '' : `: ${said}`;
	return `: HTTP status ${response.code}${said === undefined ? '' : `, ${said}`}`;
}

/** What a response other than success means for a request of this purpose. */
export function failureFor(response: ServiceResponse, purpose: Purpose): Failure {
	if (response.kind === 'stopped') return STOPPED;
	const verdict = verdictOn(response);
	const message = `${verdict.what}${reasonIn(response)}`;
	const isAnswered = response.kind !== 'unanswered';
	const details = isAnswered && response.code !== 200 ? { httpCode: response.code } : {};
	const { [purpose]: action, hint, refusesAll } = verdict;
	if (action === 'stop') return { kind: 'final', message, hint, details, refusesAll };
	if (action === 'ambiguous') {
		return {
			kind: 'ambiguous',
			message: `${message}. A task may exist and may be billed`,
			hint: response.kind === 'foreign' ? `${AMBIGUOUS_HINT} ${hint}` : AMBIGUOUS_HINT,
			details,
		};
	}
	return {
		kind: 'retryable',
		message,
		hint,
		details,
		untilDeadline: action === 'retryUntilDeadline',
		afterMs: isAnswered ? response.retryAfterMs : undefined,
	};
}
