const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;

/** What a file needs so that a player can show it: its brand, its index and its pictures. */
const NEEDED_BOXES = ['ftyp', 'moov', 'mdat'];

function boxAt(file, offset) {
	if (offset + HEADER_BYTES > file.length) return undefined;
	const size = file.readUInt32BE(offset);
	const type = file.toString('latin1', offset + 4, offset + HEADER_BYTES);
	if (size === 0) return { type, size: file.length - offset };
	if (size !== 1) return { type, size };
	if (offset + LARGE_HEADER_BYTES > file.length) return undefined;
	return { type, size: Number(file.readBigUInt64BE(offset + HEADER_BYTES)) };
}

/**
 * Tells what is wrong with a file that should be an MP4, by walking over its top-level boxes.
 *
 * @returns undefined: nothing
 */
export function faultOfMp4(file: Buffer): string | undefined {
	if (file.length === 0) return 'the file is empty';
	const types = [];
	for (let offset = 0; offset < file.length; ) {
		const box = boxAt(file, offset);
		if (!box || box.size < HEADER_BYTES || offset + box.size > file.length) {
			return `not an MP4, or cut off, at byte ${offset} of ${file.length}`;
		}
		types.push(box.type);
		offset += box.size;
	}
	const missing = NEEDED_BOXES.filter((type) => !types.includes(type));
	if (types[0] !== 'ftyp' || missing.length > 0) {
		return `not an MP4: it has the boxes ${types.join(', ')}`;
	}
	return undefined;
}
