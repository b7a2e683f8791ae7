import type { IExecuteFunctions } from 'n8n-workflow';
import { parseUrl } from '../../shared/urls';
import { listSome } from '../../shared/values';

/** More hints than this would fill the whole output pane. */
const MAX_HINTS = 5;

/** More items than this are not named. */
const MAX_ITEMS = 10;

/** A hint about an item. */
export interface ItemHint {
	item: number;
	hint: string;
}

/** Where a hint applies, as n8n names items in its messages. */
function placeOf(items: number[]): string {
	if (items.length === 1) return `[item ${items[0]}]`;
	return `[items ${listSome(items.map(String), MAX_ITEMS)}]`;
}

/** One hint for all items that have the same one. */
export function groupHints(hints: ItemHint[]): string[] {
	const items = new Map<string, number[]>();
	for (const { item, hint } of hints) items.set(hint, [...(items.get(hint) ?? []), item]);
	return [...items].map(([hint, places]) => `${hint} ${placeOf(places)}`);
}

/** What the editor shows is HTML, and an address comes from outside. */
function linkTo(address: string, text: string): string {
	const { href, protocol = '' } = parseUrl(address) ?? {};
	return /^https?:$/.test(protocol) ? `<a href="${href}" target="_blank">${text}</a>` : '';
}

/**
 * Links to the videos of a run by hand, since an address in n8n's output is mere text.
 *
 * @param addresses by item
 * @returns undefined if there are none
 */
export function watchHint(addresses: Array<string | undefined>): string | undefined {
	const isOne = addresses.length === 1;
	const links = addresses.map((address, item) =>
		address === undefined ? '' : linkTo(address, isOne ? 'Watch the video' : `item ${item}`),
	);
	const shown = listSome(links.filter(Boolean), MAX_ITEMS);
	if (shown === '') return undefined;
	return isOne ? shown : `Watch the videos: ${shown}`;
}

export function addHints(context: IExecuteFunctions, hints: string[]): void {
	const more = hints.length - MAX_HINTS;
	const shown = more > 0 ? [...hints.slice(0, MAX_HINTS), `And ${more} more such hints`] : hints;
	for (const message of shown) context.addExecutionHints?.({ message, location: 'outputPane' });
}
