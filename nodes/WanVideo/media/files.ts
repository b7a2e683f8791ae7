/** Files of an item that a request is to be made from, and what stands for them in it. */
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { isRecord } from '../../shared/values';

/** The files that an item carries, by field. */
export type ItemFiles = Record<string, IBinaryData>;

/** Where n8n puts files into the JSON of items: see `filesOf`. */
const IN_JSON = '_files';

const isFile = (value: unknown): boolean => isRecord(value) && typeof value.mimeType === 'string';

/**
 * The files of an item.
 *
 * @param areInJson whether n8n puts them into the JSON of items, as the workflow's setting
 * `binaryMode` says (seen on n8n 2.41.1). Where it does not, what stands there came from outside, and
 * could name the files of others.
 */
export function filesOf(
	{ json, binary }: Partial<INodeExecutionData>,
	areInJson: boolean,
): ItemFiles {
	const inJson = areInJson ? json?.[IN_JSON] : undefined;
	const files = isRecord(inJson) ? Object.entries(inJson).filter(([, file]) => isFile(file)) : [];
	return { ...(Object.fromEntries(files) as ItemFiles), ...binary };
}

/** The name of a field without where it stands in the JSON, as nodes of n8n want it: `_files.photo`. */
export const withoutPlace = (name: string): string =>
	name.startsWith(`${IN_JSON}.`) ? name.slice(IN_JSON.length + 1) : name;

/**
 * While an item is planned and remembered, a file stands in the request as this, in the place of its
 * URL: the field that holds it and what is in it, which are the same at each retry. An address would
 * be a new one each time, and is good for some hours only. No URL that a user gives begins so.
 */
const SCHEME = 'n8n-file:';

/** What stands for the file in a field of the item. */
export const fileIn = (field: string, content = ''): string =>
	`${SCHEME}${encodeURIComponent(field)}${content === '' ? '' : `#${content}`}`;

/** The field of the item that holds a file; undefined if a text of a request stands for none. */
export function fieldOfFile(text: string): string | undefined {
	if (!text.startsWith(SCHEME)) return undefined;
	const [field] = text.slice(SCHEME.length).split('#', 1);
	return decodeURIComponent(field);
}

const MEDIA_FIELD = /^[a-z]+_urls$/;

const isText = (value: unknown): value is string => typeof value === 'string';

/** The texts that stand for media in a request, by the service's name of the field. */
const mediaIn = (request: object): Array<[name: string, texts: string[]]> =>
	Object.entries(request).flatMap(
		([name, value]): Array<[string, string[]]> =>
			MEDIA_FIELD.test(name) && Array.isArray(value) && value.every(isText) ? [[name, value]] : [],
	);

/** The fields of the item whose files a request is made from, each once. */
export function fieldsOfFiles(request: object): string[] {
	const texts = mediaIn(request).flatMap(([, all]) => all);
	return [...new Set(texts.map(fieldOfFile).filter((field) => field !== undefined))];
}

/** The same request, with something else in the place of each of its files. */
export function withFiles<Request extends object>(
	request: Request,
	replacements: Map<string, string>,
): Request {
	const replaced = mediaIn(request).map(([name, texts]): [string, string[]] => [
		name,
		texts.map((text) => replacements.get(fieldOfFile(text) ?? '') ?? text),
	]);
	return { ...request, ...Object.fromEntries(replaced) };
}
