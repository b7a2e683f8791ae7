import { olderUrl } from './post.mts';
import type { StopKind } from './story.mts';
import { SUFFIX } from './workflow.mts';

const TIMEOUT_MS = 30_000;

interface Way {
	method: 'GET' | 'POST';
	suffix?: string;
	isForm?: boolean;
}

const WAYS: Partial<Record<StopKind, Way>> = {
	'wait for POST': { method: 'POST' },
	'wait for GET': { method: 'GET' },
	'wait for POST with suffix': { method: 'POST', suffix: SUFFIX },
	'wait for GET with suffix': { method: 'GET', suffix: SUFFIX },
	'wait for form': { method: 'POST', isForm: true },
};

function formData(): FormData {
	const form = new FormData();
	form.set('field-0', 'It is good');
	return form;
}

/**
 * Does what a Wait node waits for.
 *
 * @param callbackUrl of a task of this execution: the rest of it is the resume URL
 */
export async function callPerson(kind: StopKind, callbackUrl: string) {
	const { method, suffix, isForm = false } = WAYS[kind] ?? { method: 'GET' };
	const url = new URL(olderUrl(callbackUrl));
	if (suffix !== undefined) url.pathname += `/${suffix}`;
	if (isForm) url.pathname = url.pathname.replace('/webhook-waiting/', '/form-waiting/');
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	if (isForm) {
		// n8n answers once the execution has ended, or not at all if it is parked again.
		fetch(url, { method, body: formData(), signal }).catch(() => {});
		return;
	}
	const response = await fetch(url, { method, signal });
	if (!response.ok) throw new Error(`The person got ${response.status}: ${await response.text()}`);
}
