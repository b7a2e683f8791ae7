/** A medium that is one file, which is given by its address or carried by the item. */
import type { INodeProperties } from 'n8n-workflow';
import { choiceValue } from '../../shared/fields';
import { isUnset, quote } from '../../shared/values';
import { readFileField } from './fileField';
import type { FileKind } from './fileTypes';
import type { MediaFindings } from './medium';
import { readMediaUrl } from './mediaUrl';

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

/** The values of these fields, and how messages call them. */
interface Given {
	source: unknown;
	url: unknown;
	field: unknown;
	titles: { source: string; url: string; field: string };
	/** What to do where the URL is a file of n8n. */
	fileAdvice: string;
}

export interface OneFile {
	/** Its address, or what stands for the file in the request. */
	url: string;
	/** What its address, or n8n, says about it. */
	kind?: FileKind;
}

/** Reads one file. @returns undefined if something is wrong, which is then among the findings */
export function readOneFile(
	{ source, url, field, titles, fileAdvice }: Given,
	accepted: FileKind[],
	allowLocal: boolean,
	findings: MediaFindings,
): OneFile | undefined {
	const { faults, hints } = findings;
	const chosen = isUnset(source) ? 'url' : choiceValue(source, SOURCES, (one) => [TITLES[one]]);
	if (chosen === undefined) {
		faults.push(`${titles.source} must be url or binary, but is ${quote(source)}`);
		return undefined;
	}
	if (chosen === 'binary') {
		const file = readFileField(field, accepted, findings);
		if ('url' in file) return file;
		faults.push(`${titles.field} ${file.fault}`);
		return undefined;
	}
	const read = readMediaUrl(url, accepted, allowLocal, findings.typed, fileAdvice);
	if ('url' in read) {
		hints.push(...read.hints.map((hint) => `${titles.url} ${hint}`));
		return read;
	}
	faults.push(`${titles.url} ${read.fault}`);
	return undefined;
}
