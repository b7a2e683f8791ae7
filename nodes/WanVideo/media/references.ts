import type { INodeProperties } from 'n8n-workflow';
import { isRecord, isUnset, quote } from '../../shared/values';
import type { FileKind } from './fileTypes';
import { MEDIA_URL_HINT } from './mediaUrl';
import type { MediaFindings, Medium } from './medium';
import { fileNameField, readFile, sourceField } from './oneFile';
import { KINDS, SOURCES, entriesIn, kindOf } from './referenceEntries';

export const MAX_REFERENCES = 5;
const MAX_REFERENCE_VIDEOS = 3;

/** What the references may be, in the words of every message and description. */
const COUNT = `1 to ${MAX_REFERENCES}`;

const referenceSource: INodeProperties = {
	displayName: 'References From',
	name: 'referenceSource',
	type: 'options',
	options: [
		{ name: SOURCES.fields, value: 'fields', description: 'Enter the URLs one by one' },
		{
			name: SOURCES.json,
			value: 'json',
			description: 'Use a list of URLs, also from an expression',
		},
	],
	default: 'fields',
	description: 'How the reference images and videos are given',
};

const WHAT =
	'Images: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels, up to 20 MB. Videos: MP4 or MOV, 1 to 30 seconds, up to 100 MB.';

const source = sourceField('Source', 'source');

const field: INodeProperties = {
	...fileNameField('Input Data Field Name', 'binaryProperty'),
	description: `Name of the field of the input item that holds the file. ${WHAT}`,
	displayOptions: { show: { source: ['binary'] } },
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
				source,
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/character1.png',
					description: WHAT,
					hint: MEDIA_URL_HINT,
					displayOptions: { hide: { source: ['binary'] } },
				},
				field,
				{
					displayName: 'Kind',
					name: 'kind',
					type: 'options',
					options: [
						{
							name: 'Auto',
							value: 'auto',
							description: 'Tell by the file, or the ending of the URL',
						},
						{ name: 'Image', value: 'image' },
						{ name: 'Video', value: 'video' },
					],
					default: 'auto',
					description:
						'Whether it is an image or a video, where its address does not tell: at most 3 may be videos',
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
	description: `${COUNT} addresses, as an array or separated by commas or line breaks, or an array of objects that give an address, or as binary the field of the item that holds a file, and whether it is an image or a video. Their order gives the names for the prompt: character1, character2 and so on.`,
	hint: 'e.g. ["https://example.com/character1.png", {"binary": "data", "kind": "video"}]',
	displayOptions: { show: { referenceSource: ['json'] } },
};

const TO_FILE =
	'set its Source to File, or in JSON give {"binary": "name of its field"} in its place';

/** What of an entry says where its file is; in JSON, `binary` names the field that holds it. */
function givenBy(entry: unknown) {
	if (!isRecord(entry)) return { source: undefined, url: entry, field: undefined };
	const { source: from, url = entry, binary, binaryProperty } = entry;
	if (!isUnset(binary)) return { source: 'binary', url, field: binary };
	return { source: from, url, field: binaryProperty ?? field.default };
}

/** @returns undefined if it is wrong */
function readReference(entry: unknown, name: string, allowLocal: boolean, findings: MediaFindings) {
	const { faults } = findings;
	const fields = isRecord(entry) ? entry : {};
	const kind = kindOf(fields);
	if (kind === undefined) {
		const kinds = Object.keys(KINDS).join(', ');
		faults.push(`${name}: Kind must be ${kinds}, but is ${quote(fields.kind)}`);
	}
	const titles = { source: `${name}: Source`, url: name, field: name, file: name };
	const accepted = KINDS[kind ?? 'auto'];
	const given = { ...givenBy(entry), titles, fileAdvice: TO_FILE, accepted };
	const use = readFile(given, allowLocal, findings);
	if (use !== undefined && kind === 'video') use.kind = kind;
	return use;
}

function kindsFault(kinds: Array<FileKind | undefined>): string | undefined {
	const videos = kinds.filter((kind) => kind === 'video').length;
	if (videos <= MAX_REFERENCE_VIDEOS) return undefined;
	return `References has ${videos} videos, but at most ${MAX_REFERENCE_VIDEOS} may be videos`;
}

/** Images and videos whose characters are kept. Their order maps to character1, character2 … */
export const REFERENCES: Medium = {
	fields: [referenceSource, references, referencesJson],
	promptField: {
		placeholder: 'e.g. character1 waves to character2 on a beach',
		hint: 'Call the references character1, character2 …, in their order',
	},
	read(parameters, allowLocal, findings) {
		const { faults } = findings;
		const entries = entriesIn(parameters, findings);
		if (entries === undefined) return {};
		if (entries.length === 0) {
			faults.push(`References is empty: this Mode needs ${COUNT} images or videos`);
		}
		if (entries.length > MAX_REFERENCES) {
			faults.push(`References has ${entries.length} entries, but at most ${MAX_REFERENCES} fit`);
		}
		const read = entries
			.slice(0, MAX_REFERENCES)
			.map((entry, index) => readReference(entry, `Reference ${index + 1}`, allowLocal, findings))
			.filter((reference) => reference !== undefined);
		const fault = kindsFault(read.map(({ kind }) => kind));
		if (fault !== undefined) faults.push(fault);
		return { reference_urls: read.map(({ url }) => url) };
	},
	kindsFault,
	hints({ prompt, reference_urls: urls = [], audio_urls: audio }) {
		const names = [...prompt.matchAll(/character\s?(\d+)/gi)];
		const missing = names.find(([, number]) => Number(number) > urls.length);
		const hints: string[] = [];
		if (names.length === 0) {
			hints.push('The prompt names no reference: call them character1, character2 and so on');
		}
		if (missing !== undefined) {
			hints.push(`The prompt names ${missing[0]}, but the references end at ${urls.length}`);
		}
		if (audio !== undefined) {
			hints.push('Some routes of APIXO ignore Audio URL in the reference modes');
		}
		return hints;
	},
};
