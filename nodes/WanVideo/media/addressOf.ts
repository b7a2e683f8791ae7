import { isRecord, isUnset, quote } from '../../shared/values';

/** Where things of other nodes hold the address of their file, the likeliest first. */
const ADDRESS_FIELDS = [
	'url',
	'webContentLink',
	'downloadUrl',
	'download_url',
	'directUrl',
	'secure_url',
	'publicUrl',
	'public_url',
	'fileUrl',
	'file_url',
	'imageUrl',
	'image_url',
	'videoUrl',
	'video_url',
	'audioUrl',
	'audio_url',
	'src',
	'href',
	'link',
	'webViewLink',
];

/** Attachments and the answers of models hold their address a little deeper. */
const MAX_LEVELS = 4;

type Address =
	| {
			/** Text that should be an address. */
			text: string;
	  }
	| {
			/** What is wrong, as the rest of a sentence that starts with the field's name. */
			fault: string;
	  }
	| {
			/** It is no address, but a file of n8n. */
			isFile: true;
	  };

/** A file as n8n's nodes pass it on: `$binary.data`. */
const isFile = (value: Record<string, unknown>): boolean =>
	typeof value.mimeType === 'string' &&
	['fileExtension', 'fileType', 'fileSize', 'fileName', 'id'].some((name) => name in value);

function addressInList(list: unknown[], levels: number): Address {
	const entries = list.filter((entry) => !isUnset(entry));
	if (entries.length === 0) return { fault: 'is empty' };
	if (entries.length === 1) return addressOf(entries[0], levels - 1);
	const first = isRecord(entries[0]) ? '[0].url' : '[0]';
	return {
		fault: `must be one address, but is a list of ${entries.length}: take one of them, such as the first with ${first} behind the expression`,
	};
}

function addressInObject(value: Record<string, unknown>, levels: number): Address {
	const field = ADDRESS_FIELDS.find((name) => Object.hasOwn(value, name) && !isUnset(value[name]));
	if (field !== undefined) return addressOf(value[field], levels - 1);
	if (isFile(value)) return { isFile: true };
	const inner = Object.values(value).filter((one) => typeof one === 'object' && one !== null);
	if (inner.length === 1) return addressOf(inner[0], levels - 1);
	return { fault: `must be text, a URL, but is ${quote(value)}` };
}

/**
 * The address that a value of an expression holds: text, or the one thing with one address, such as
 * an attachment of a sheet or a file of a drive.
 */
export function addressOf(value: unknown, levels = MAX_LEVELS): Address {
	if (isUnset(value)) return { fault: 'is empty' };
	if (typeof value === 'string') return { text: value };
	if (levels > 0 && Array.isArray(value)) return addressInList(value, levels);
	if (levels > 0 && isRecord(value)) return addressInObject(value, levels);
	return { fault: `must be text, a URL, but is ${quote(value)}` };
}
