/** `submit` costs money and has no idempotency key; `read` may be repeated at will. */
export type Purpose = 'submit' | 'read';

/**
 * stop: repeating would not help. retry: refused, or never arrived. retryUntilDeadline: retry for
 * as long as there is time. ambiguous: a submission may have been accepted.
 */
export type Action = 'stop' | 'retry' | 'retryUntilDeadline' | 'ambiguous';

/** What a kind of response means: what is done about it, and what the user is told. */
export interface Verdict extends Record<Purpose, Action> {
	what: string;
	hint: string;
	/** Whether every other submission with this credential would be refused, too. */
	refusesAll?: boolean;
}
