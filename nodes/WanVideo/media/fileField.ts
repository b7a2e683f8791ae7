/** The field of a panel that names a file of the item. */
import type { IBinaryData } from 'n8n-workflow';
import { placeholderIn, variableIn } from '../../shared/templates';
import { isRecord, isUnset, quote } from '../../shared/values';
import type { FileKind } from './fileTypes';
import { type ItemFiles, fileIn, withoutPlace } from './files';
import type { MediaFindings } from './medium';
import type { MediaUrl } from './mediaUrl';

/** How the fields that hold files are named in a message. */
function heldFiles(files: ItemFiles): string {
	const names = Object.keys(files).map((name) => `"${name}"`);
	if (names.length === 0) return 'the item holds no file at all';
	return `the item has ${names.length === 1 ? 'its file' : 'files'} in ${names.join(', ')}`;
}

type FileField = { field: string } | { fault: string };

/** The name of a field; an expression may also have given the file in it: `$binary.data`. */
function nameOf(value: unknown, files: ItemFiles): string | undefined {
	if (typeof value === 'string') return withoutPlace(value.trim());
	if (!isRecord(value)) return undefined;
	return Object.keys(files).find(
		(name) => files[name].id !== undefined && files[name].id === value.id,
	);
}

function fileField(value: unknown, { files, typed }: MediaFindings): FileField {
	if (isUnset(value)) return { fault: `names no field: ${heldFiles(files)}` };
	const name = nameOf(value, files);
	if (name === undefined) {
		const given = isRecord(value) && 'mimeType' in value ? 'a file of another item' : quote(value);
		return { fault: `must be the name of a field, but is ${given}: ${heldFiles(files)}` };
	}
	if (Object.hasOwn(files, name)) return { field: name };
	const variable = variableIn(name) ?? placeholderIn(name);
	if (variable !== undefined) {
		return { fault: `holds ${variable} in place of its value: ${typed.adviceFor(name)}` };
	}
	return { fault: `names the field ${quote(name)}, which holds no file: ${heldFiles(files)}` };
}

const kindIn = ({ mimeType }: IBinaryData, accepted: FileKind[]): FileKind | undefined =>
	accepted.find((kind) => String(mimeType).startsWith(`${kind}/`));

/**
 * Reads the name of a field that holds a file. What the file is, its bytes tell.
 *
 * @param accepted the kinds of files that are taken
 */
export function readFileField(
	value: unknown,
	accepted: FileKind[],
	findings: MediaFindings,
): MediaUrl {
	const found = fileField(value, findings);
	if ('fault' in found) return found;
	const kind = kindIn(findings.files[found.field], accepted);
	return { url: fileIn(found.field), kind, hints: [] };
}
