import type { INodeProperties } from 'n8n-workflow';
import { isRecord, isUnset, lookUp, parseJson, quote } from '../../shared/values';
import { type FileKind, MEDIA_URL_HINT, readMediaUrl } from './mediaUrl';
import type { Medium } from './medium';

export const MAX_REFERENCES = 5;
const MAX_REFERENCE_VIDEOS = 3;

/** What the references may be, in the words of every message and description. */
const COUNT = `1 to ${MAX_REFERENCES}`;

const KINDS: Record<string, FileKind[]> = {
	auto: ['image', 'video'],
	image: ['image'],
	video: ['video'],
};

const referenceSource: INodeProperties = {
	displayName: 'References From',
	name: 'referenceSource',
	type: 'options',
	options: [
		{ name: 'Fields Below', value: 'fields', description: 'Enter the URLs one by one' },
		{ name: 'JSON', value: 'json', description: 'Use an array of URLs, also from an expression' },
	],
	default: 'fields',
	description: 'How the reference images and videos are given',
};

const references: INodeProperties = {
	displayName: 'References',
	name: 'references',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		sortable: true,
		minRequiredFields: 1,
		maxAllowedFields: MAX_REFERENCES,
	},
	required: true,
	default: {},
	placeholder: 'Add Reference',
	description: `${COUNT} images or videos, at most ${MAX_REFERENCE_VIDEOS} of them videos. Their order gives the names for the prompt: character1, character2 and so on.`,
	displayOptions: { show: { referenceSource: ['fields'] } },
	options: [
		{
			displayName: 'Reference',
			name: 'reference',
			values: [
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/character1.png',
					description:
						'Images: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels, up to 20 MB. Videos: MP4 or MOV, 1 to 30 seconds, up to 100 MB.',
					hint: MEDIA_URL_HINT,
				},
				{
					displayName: 'Kind',
					name: 'kind',
					type: 'options',
					options: [
						{ name: 'Auto', value: 'auto', description: 'Tell by the ending of the URL' },
						{ name: 'Image', value: 'image' },
						{ name: 'Video', value: 'video' },
					],
					default: 'auto',
					description: 'Only used to check the limits before anything is paid for',
				},
			],
		},
	],
};

const referencesJson: INodeProperties = {
	displayName: 'References (JSON)',
	name: 'referencesJson',
	type: 'json',
	required: true,
	default: '[]',
	description: `An array of ${COUNT} addresses, or of objects that give an address and whether it is an image or a video. Their order gives the names for the prompt: character1, character2 and so on.`,
	hint: 'e.g. ["https://example.com/character1.png", "https://example.com/scene.mp4"]',
	displayOptions: { show: { referenceSource: ['json'] } },
};

function entriesInFields(value: unknown, faults: string[]): unknown[] | undefined {
	const entries = isRecord(value) ? value.reference : value;
	if (Array.isArray(entries)) return entries;
	if (isUnset(entries)) return [];
	faults.push(
		`References must be a list of addresses, but is ${quote(value)}. Set References From to JSON for an expression`,
	);
	return undefined;
}

function entriesInJson(json: unknown, faults: string[]): unknown[] | undefined {
	const isText = typeof json === 'string' && json.trim() !== '';
	const value = isText ? parseJson(json) : json;
	if (isText && value === undefined) {
		faults.push('References (JSON) is not valid JSON');
		return undefined;
	}
	if (Array.isArray(value)) return value;
	if (isUnset(value)) return [];
	faults.push('References (JSON) must be an array of URLs, or of objects with url and kind');
	return undefined;
}

/** The entries of the list or of the JSON field; undefined if they cannot be read. */
function entriesIn(parameters: Record<string, unknown>, faults: string[]): unknown[] | undefined {
	const source = isUnset(parameters.referenceSource) ? 'fields' : parameters.referenceSource;
	if (source === 'fields') return entriesInFields(parameters.references, faults);
	if (source === 'json') return entriesInJson(parameters.referencesJson, faults);
	faults.push(`References From must be fields or json, but is ${quote(source)}`);
	return undefined;
}

/** @returns the URL as it is sent, and whether the reference is a video; undefined if it is wrong */
function readReference(entry: unknown, name: string, allowLocal: boolean, faults: string[]) {
	const { url, kind: given } = isRecord(entry) ? entry : { url: entry, kind: undefined };
	const kind = isUnset(given) ? 'auto' : given;
	const accepted = lookUp(KINDS, kind);
	if (accepted === undefined) {
		const kinds = Object.keys(KINDS).join(', ');
		faults.push(`${name}: Kind must be ${kinds}, but is ${quote(kind)}`);
	}
	const read = readMediaUrl(url, accepted ?? KINDS.auto, allowLocal);
	if ('url' in read) return { url: read.url, isVideo: kind === 'video' || read.kind === 'video' };
	faults.push(`${name} ${read.fault}`);
	return undefined;
}

/** Images and videos whose characters are kept. Their order maps to character1, character2 … */
export const REFERENCES: Medium = {
	fields: [referenceSource, references, referencesJson],
	promptField: {
		placeholder: 'e.g. character1 waves to character2 on a beach',
		hint: 'Call the references character1, character2 …, in their order',
	},
	read(parameters, allowLocal, faults) {
		const entries = entriesIn(parameters, faults);
		if (entries === undefined) return {};
		if (entries.length === 0) {
			faults.push(`References is empty: this Mode needs ${COUNT} images or videos`);
		}
		if (entries.length > MAX_REFERENCES) {
			faults.push(`References has ${entries.length} entries, but at most ${MAX_REFERENCES} fit`);
		}
		const read = entries
			.slice(0, MAX_REFERENCES)
			.map((entry, index) => readReference(entry, `Reference ${index + 1}`, allowLocal, faults))
			.filter((reference) => reference !== undefined);
		const videos = read.filter(({ isVideo }) => isVideo).length;
		if (videos > MAX_REFERENCE_VIDEOS) {
			faults.push(
				`References has ${videos} videos, but at most ${MAX_REFERENCE_VIDEOS} may be videos`,
			);
		}
		return { reference_urls: read.map(({ url }) => url) };
	},
};
