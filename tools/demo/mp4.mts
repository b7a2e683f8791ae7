const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;

/** What a player needs: the brand, the index and the pictures. */
const NEEDED_BOXES = ['ftyp', 'moov', 'mdat'];

interface Box {
	type: string;
	/** bytes, with its header */
	size: number;
}

/** @returns undefined when the file ends within the header */
function boxAt(file: Buffer, offset: number): Box | undefined {
	if (offset + HEADER_BYTES > file.length) return undefined;
	const size = file.readUInt32BE(offset);
	const type = file.toString('latin1', offset + 4, offset + HEADER_BYTES);
	if (size === 0) return { type, size: file.length - offset };
	if (size !== 1) return { type, size };
	if (offset + LARGE_HEADER_BYTES > file.length) return undefined;
	return { type, size: Number(file.readBigUInt64BE(offset + HEADER_BYTES)) };
}

/**
 * Checks the top-level boxes of a file that should be an MP4.
 *
 * @returns what is wrong; undefined: nothing
 */
export function faultOfMp4(file: Buffer): string | undefined {
	if (file.length === 0) return 'the file is empty';
	const types: string[] = [];
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
