import { variableIn } from '../../shared/templates';
import { parseUrl } from '../../shared/urls';
import { choiceValue } from '../../shared/fields';
import { isRecord, isUnset, parseJson, quote } from '../../shared/values';
import { addressesIn } from './addresses';
import type { FileKind } from './fileTypes';
import type { MediaFindings } from './medium';

export const KINDS = {
	auto: ['image', 'video'],
	image: ['image'],
	video: ['video'],
} satisfies Record<string, FileKind[]>;

type Kind = keyof typeof KINDS;

const KIND_NAMES: readonly Kind[] = ['auto', 'image', 'video'];

/** Where the references stand, with the title in the panel. */
export const SOURCES = { fields: 'Fields Below', json: 'JSON' };

const SOURCE_NAMES: ReadonlyArray<keyof typeof SOURCES> = ['fields', 'json'];

function entriesInFields(value: unknown, { faults }: MediaFindings): unknown[] | undefined {
	const entries = isRecord(value) ? value.reference : value;
	if (Array.isArray(entries)) return entries;
	if (isUnset(entries)) return [];
	faults.push(
		`References must be a list of addresses, but is ${quote(value)}. Set References From to JSON for an expression`,
	);
	return undefined;
}

/** The value of JSON text, or the addresses in any other; undefined if there is neither. */
function valueOfText(text: string): unknown {
	const value = parseJson(text);
	if (value !== undefined) return value;
	// What stands in broken objects may be addresses of anything.
	if (!/https?:/i.test(text) || /^[\s[]*\{/.test(text)) return undefined;
	const addresses = addressesIn(text);
	const isCut = /^\s*\[/.test(text) && addresses.some((one) => parseUrl(one) === undefined);
	return isCut ? undefined : addresses;
}

/** What of an entry says where its file is. */
const WHERE = ['url', 'binary', 'binaryProperty'];

function isEmpty(entry: unknown): boolean {
	if (!isRecord(entry)) return isUnset(entry);
	const given = WHERE.filter((name) => name in entry);
	return given.length > 0
		? given.every((name) => isUnset(entry[name]))
		: Object.keys(entry).length === 0;
}

/** The entries that are not empty, as the cells of a sheet may be. */
function filledEntries(entries: unknown[], { hints }: MediaFindings): unknown[] {
	const filled = entries.filter((entry) => !isEmpty(entry));
	const firstGap = entries.findIndex(isEmpty);
	if (firstGap >= 0 && firstGap < filled.length) {
		hints.push(
			`Empty references are skipped: the prompt's character${firstGap + 1} is the next one that is not empty`,
		);
	}
	return filled;
}

function entriesInJson(json: unknown, findings: MediaFindings): unknown[] | undefined {
	const { faults, typed } = findings;
	if (isUnset(json)) return [];
	const variable = typeof json === 'string' ? variableIn(json) : undefined;
	if (typeof json === 'string' && variable !== undefined) {
		faults.push(
			`References (JSON) holds ${variable} in place of its value: ${typed.adviceFor(json)}`,
		);
		return undefined;
	}
	const value = typeof json === 'string' ? valueOfText(json) : json;
	if (value === undefined) {
		faults.push('References (JSON) is not valid JSON');
		return undefined;
	}
	if (typeof value !== 'object' && typeof value !== 'string') {
		faults.push('References (JSON) must be an array of URLs, or of objects with url and kind');
		return undefined;
	}
	const entries = (Array.isArray(value) ? value : [value]).flatMap((entry: unknown) =>
		typeof entry === 'string' && !isUnset(entry) ? addressesIn(entry) : [entry],
	);
	return filledEntries(entries, findings);
}

/** The entries of the list or of the JSON field; undefined if they cannot be read. */
export function entriesIn(
	{ referenceSource, references, referencesJson }: Record<string, unknown>,
	findings: MediaFindings,
): unknown[] | undefined {
	const source = isUnset(referenceSource)
		? 'fields'
		: choiceValue(referenceSource, SOURCE_NAMES, (name) => [SOURCES[name]]);
	if (source === 'fields') return entriesInFields(references, findings);
	if (source === 'json') return entriesInJson(referencesJson, findings);
	findings.faults.push(`References From must be fields or json, but is ${quote(referenceSource)}`);
	return undefined;
}

/**
 * What an entry says about its kind, also as a MIME type, which attachments of sheets have.
 *
 * @returns undefined if it says something else
 */
export function kindOf({ kind, type, mimeType }: Record<string, unknown>): Kind | undefined {
	if (!isUnset(kind)) {
		return choiceValue(typeof kind === 'string' ? kind.split('/')[0] : kind, KIND_NAMES);
	}
	const mime = [type, mimeType].find((one) => typeof one === 'string' && one.includes('/'));
	return choiceValue(String(mime).split('/')[0], KIND_NAMES) ?? 'auto';
}
