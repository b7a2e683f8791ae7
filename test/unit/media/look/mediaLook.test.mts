import { MediaLook } from '../../../../nodes/WanVideo/media/look/mediaLook.ts';

const PNG = Buffer.from(
	'89504e470d0a1a0a0000000d49484452000002800000016808060000000000000000000049444154',
	'hex',
);

test('a picture is told by its first bytes, in pieces of any size', () => {
	const look = new MediaLook();
	for (const byte of PNG) look.push(Buffer.of(byte));
	look.end();
	expect(look.facts).toEqual({
		format: 'PNG',
		kind: 'image',
		width: 640,
		height: 360,
		hasTransparency: true,
		sizeBytes: PNG.length,
	});
});
