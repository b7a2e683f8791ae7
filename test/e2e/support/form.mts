import type { N8nClient } from '../../../tools/n8n/driver/index.mts';

/** What somebody enters in the fields of a form, in their order; undefined: nothing. */
export type Entries = Array<string | File | undefined>;

/** @returns the page that a browser gets */
export async function readForm({ http }: N8nClient, address: string): Promise<string> {
	const { status, data } = await http.get<string>(address);
	expect([address, status]).toEqual([address, 200]);
	return data;
}

/**
 * Submits a form of n8n.
 *
 * @returns n8n's answer, with the address at which its page goes on, if there is one
 */
export async function submitForm(
	{ http }: N8nClient,
	address: string,
	entries: Entries,
): Promise<{ formWaitingUrl?: string; formSubmittedText?: string }> {
	const form = new FormData();
	for (const [index, entry] of entries.entries()) {
		if (entry !== undefined) form.append(`field-${index}`, entry);
	}
	const { status, data } = await http.post(address, form);
	expect([address, status]).toEqual([address, 200]);
	return data;
}
