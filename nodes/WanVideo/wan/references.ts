import { LIMITS } from './modes';
import type { RawRequest } from './request';
import { mediaUrl, mediaUrlFault, mediumOf, type Medium } from './urls';
import { isRecord, isUnset, shown } from './values';

const REFERENCE_MEDIA: Medium[] = ['image', 'video'];
const KINDS = ['auto', ...REFERENCE_MEDIA];

function entriesOfPanel(value: unknown, faults: string[]): unknown[] | undefined {
	const entries = isRecord(value) ? value.reference : value;
	if (Array.isArray(entries)) return entries;
	if (isUnset(entries)) return [];
	faults.push(
		`References must be a list of addresses, but is ${shown(value)}. Set References From to JSON for an expression`,
	);
	return undefined;
}

/** The entries of the panel's own list, or of the JSON field; undefined if they cannot be read. */
function entriesOf(raw: RawRequest, faults: string[]): unknown[] | undefined {
	const source = isUnset(raw.referenceSource) ? 'fields' : raw.referenceSource;
	if (source === 'fields') return entriesOfPanel(raw.references, faults);
	if (source !== 'json') {
		faults.push(`References From must be fields or json, but is ${shown(source)}`);
		return undefined;
	}
	let value = raw.referencesJson;
	if (typeof value === 'string' && value.trim() !== '') {
		try {
			value = JSON.parse(value);
		} catch {
			faults.push('References (JSON) is not valid JSON');
			return undefined;
		}
	}
	if (Array.isArray(value)) return value;
	if (isUnset(value)) return [];
	faults.push('References (JSON) must be an array of URLs, or of objects with url and kind');
	return undefined;
}

/**
 * Reads and checks the references of a request; their order maps to character1, character2 …
 * @param faults what is wrong is added here
 */
export function readReferences(raw: RawRequest, allowLocal: boolean, faults: string[]): string[] {
	const entries = entriesOf(raw, faults);
	if (entries === undefined) return [];
	if (entries.length === 0) {
		faults.push('References is empty: this Mode needs 1 to 5 images or videos');
	}
	if (entries.length > LIMITS.references) {
		faults.push(`References has ${entries.length} entries, but at most ${LIMITS.references} fit`);
	}
	let videos = 0;
	const urls = entries.slice(0, LIMITS.references).map((entry, index) => {
		const { url, kind: given } = isRecord(entry) ? entry : { url: entry, kind: undefined };
		const kind = isUnset(given) ? 'auto' : given;
		const name = `Reference ${index + 1}`;
		if (!KINDS.includes(kind as string)) {
			faults.push(`${name}: Kind must be ${KINDS.join(', ')}, but is ${shown(kind)}`);
		}
		const media = kind === 'image' || kind === 'video' ? [kind as Medium] : REFERENCE_MEDIA;
		const fault = mediaUrlFault(url, media, allowLocal);
		if (fault !== undefined) {
			faults.push(`${name} ${fault}`);
			return '';
		}
		const trimmed = mediaUrl(url);
		if (kind === 'video' || mediumOf(trimmed) === 'video') videos += 1;
		return trimmed;
	});
	if (videos > LIMITS.referenceVideos) {
		faults.push(
			`References has ${videos} videos, but at most ${LIMITS.referenceVideos} may be videos`,
		);
	}
	return urls;
}
