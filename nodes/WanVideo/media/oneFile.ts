/** A medium that is one file, which is given by its address or carried by the item. */
import type { INodeProperties } from 'n8n-workflow';
import { choiceValue } from '../../shared/fields';
import { isUnset, quote } from '../../shared/values';
import { readFileField } from './fileField';
import type { FileKind } from './fileTypes';
import type { MediaFindings, MediaUse } from './medium';
import { type MediaUrl, readMediaUrl } from './mediaUrl';

const SOURCES = ['url', 'binary'] as const;

export type Source = (typeof SOURCES)[number];

const TITLES: Record<Source, string> = { url: 'URL', binary: 'File' };

/** Below every field that names a file. */
const FILE_HINT = 'APIXO fetches it from this n8n, which needs a public https:// address';

/** Where a file comes from: the choice that every such medium has. */
export const sourceField = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	options: [
		{
			name: TITLES.binary,
			value: 'binary',
			description: 'A file that the item carries, as from a form, a chat, a mail or a drive',
		},
		{ name: TITLES.url, value: 'url', description: 'A public address of the file' },
	],
	default: 'url',
	description: 'Where the file comes from',
});

/** The name of the field that holds the file. */
export const fileNameField = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	description: 'Name of the field of the input item that holds the file',
	hint: FILE_HINT,
});

/** What the fields of a file hold, and how messages name them. */
interface GivenFile {
	source: unknown;
	url: unknown;
	field: unknown;
	titles: { source: string; url: string; field: string; file: string };
	/** What to do where the URL is a file of n8n. */
	fileAdvice: string;
	/** The kinds of files that are taken. */
	accepted: FileKind[];
}

/** Reads a file. @returns undefined if something is wrong, which is then among the findings */
export function readFile(
	{ source, url, field, titles, fileAdvice, accepted }: GivenFile,
	allowLocal: boolean,
	findings: MediaFindings,
): MediaUse | undefined {
	const { faults, hints, media } = findings;
	const chosen = isUnset(source) ? 'url' : choiceValue(source, SOURCES, (one) => [TITLES[one]]);
	if (chosen === undefined) {
		faults.push(`${titles.source} must be url or binary, but is ${quote(source)}`);
		return undefined;
	}
	const isFile = chosen === 'binary';
	const title = isFile ? titles.field : titles.url;
	const read: MediaUrl = isFile
		? readFileField(field, accepted, findings)
		: readMediaUrl(url, accepted, allowLocal, findings.typed, fileAdvice);
	if ('fault' in read) {
		faults.push(`${title} ${read.fault}`);
		return undefined;
	}
	const { url: sent, kind, endingFault, hints: own } = read;
	hints.push(...own.map((hint) => `${title} ${hint}`));
	if (endingFault !== undefined && !findings.areLookedAt) {
		faults.push(`${title} ${endingFault}`);
		return undefined;
	}
	const use = { title: isFile ? titles.file : title, url: sent, accepted, kind, endingFault };
	media.push(use);
	return use;
}

/** The fields of a panel that give one file. */
export interface OneFile {
	source: INodeProperties;
	url: INodeProperties;
	/** Names the field of the item that holds the file. */
	field: INodeProperties;
	/** What messages call a file of the item. */
	title: string;
	kind: FileKind;
}

/** Reads one file, by the names of its fields, as the list that the service wants. */
export function readOneFile(
	{ source, url, field, title, kind }: OneFile,
	parameters: Record<string, unknown>,
	allowLocal: boolean,
	findings: MediaFindings,
): string[] {
	const given = {
		source: parameters[source.name],
		url: parameters[url.name],
		field: parameters[field.name] ?? field.default,
		titles: {
			source: source.displayName,
			url: url.displayName,
			field: field.displayName,
			file: title,
		},
		fileAdvice: `set ${source.displayName} to File, and ${field.displayName} to its field`,
		accepted: [kind],
	};
	const file = readFile(given, allowLocal, findings);
	return file === undefined ? [] : [file.url];
}
