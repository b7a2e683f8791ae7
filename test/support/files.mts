/** Small files of real formats, such as people put into an item. */

export interface TestFile {
	/** Base64. */
	data: string;
	mimeType: string;
	fileName?: string;
}

/** A picture of one color, 240 pixels wide and high. @param shade 0 to 255 */
export function bmp(shade = 128): Buffer {
	const [side, head] = [240, 54];
	const pixels = Buffer.alloc(side * side * 3, shade);
	const header = Buffer.alloc(head);
	header.write('BM', 'latin1');
	header.writeUInt32LE(head + pixels.length, 2);
	header.writeUInt32LE(head, 10);
	header.writeUInt32LE(40, 14);
	header.writeInt32LE(side, 18);
	header.writeInt32LE(side, 22);
	header.writeUInt16LE(1, 26);
	header.writeUInt16LE(24, 28);
	header.writeUInt32LE(pixels.length, 34);
	return Buffer.concat([header, pixels]);
}

export const testFile = (content: Buffer, mimeType: string, fileName?: string): TestFile => ({
	data: content.toString('base64'),
	mimeType,
	fileName,
});

export const picture = (shade?: number): TestFile =>
	testFile(bmp(shade), 'image/bmp', 'picture.bmp');
