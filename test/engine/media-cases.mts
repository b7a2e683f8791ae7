/** Media at addresses, good and bad, and what the node says about them before anything is paid for. */

import type { PanelParameters } from '../support/engine/wan.mts';

export interface MediaCase {
	what: string;
	/** the panel, with files of the emulator at this origin */
	panel: (origin: string) => PanelParameters;
	/** why the item is refused; undefined: it is submitted */
	refusal?: RegExp;
	/** shown although it is submitted */
	hint?: RegExp;
}

type Expected = Pick<MediaCase, 'refusal' | 'hint'>;

const at = (origin: string, name: string) =>
	/^https?:/.test(name) ? name : `${origin}/files/${name}`;

const image = (what: string, name: string, refusal?: RegExp): MediaCase => ({
	what,
	panel: (origin) => ({ mode: 'image-to-video', imageUrl: at(origin, name) }),
	refusal,
});

const audio = (what: string, name: string, refusal?: RegExp): MediaCase => ({
	what,
	panel: (origin) => ({ additionalFields: { audioUrl: at(origin, name) } }),
	refusal,
});

const references = (what: string, names: string[], expected: Expected = {}): MediaCase => ({
	what,
	panel: (origin) => ({
		mode: 'reference-to-video',
		prompt: names.map((_, index) => `character${index + 1}`).join(' and '),
		references: { reference: names.map((name) => ({ url: at(origin, name), kind: 'auto' })) },
	}),
	...expected,
});

/** A file under an address that ends otherwise. */
const named = (name: string, file: string) => `media/${name}?redirectTo=/files/media/${file}`;

/** Films under addresses that do not show what they are. */
const hidden = (count: number) =>
	Array.from({ length: count }, (_, n) => `${named('picture.psd', 'clip.mp4')}&n=${n}`);

const FORMATS = /^Image URL must be JPEG, PNG, BMP or WEBP, but is /;
const but = (what: string) => new RegExp(`${FORMATS.source}${what}`);

export const MEDIA_CASES: MediaCase[] = [
	image('a JPEG', 'media/picture.jpg'),
	image('a progressive JPEG', 'media/progressive.jpg'),
	image('a JPEG that a phone stored on its side', 'media/on-its-side.jpg'),
	image('a PNG', 'media/picture.png'),
	image('a PNG with a palette', 'media/palette.png'),
	image('a BMP', 'media/picture.bmp'),
	image('a BMP of the oldest kind', 'media/old.bmp'),
	image('a WEBP', 'media/picture.webp'),
	image('a lossless WEBP', 'media/lossless.webp'),
	image('a PNG of a host that knows no parts of files', 'media/picture.png?ignoreRange'),
	image('a PNG that its host calls a web page', 'media/picture.png?contentType=text/html'),
	image('a PNG whose connection breaks off half-way', 'media/picture.png?cut'),
	image('a PNG behind three redirects', 'media/picture.png?redirects=3'),
	image('a JPEG whose address ends in .heic', named('picture.heic', 'picture.jpg')),

	image('a HEIC whose address ends in .jpg', named('picture.jpg', 'picture.heic'), but('a HEIC')),
	image('a HEIC', 'media/picture.heic', but('a HEIC image')),
	image('an AVIF', 'media/picture.avif', but('an AVIF image')),
	image('a GIF', 'media/picture.gif', but('a GIF image')),
	image('a TIFF', 'media/picture.tiff', but('a TIFF image')),
	image('a Photoshop file', 'media/picture.psd', but('a Photoshop file')),
	image('an icon', 'media/picture.ico', but('an icon')),
	image('a video for an image', named('picture.png', 'clip.mp4'), but('an MP4 video')),
	image('a sound for an image', named('picture.png', 'tone.mp3'), but('an MP3 file')),
	image('a transparent PNG', 'media/transparent.png', /^Image URL has transparency/),
	image(
		'a PNG with a transparent palette',
		'media/transparent-palette.png',
		/^Image URL has transparency/,
	),
	image('a transparent WEBP', 'media/transparent.webp', /^Image URL has transparency/),
	image('a PNG of 120 pixels', 'media/small.png', /^Image URL is 120 × 90 pixels/),
	image('a PNG of 8,001 pixels', 'media/large.png', /^Image URL is 8001 × 300 pixels/),
	image('a web page', 'media/picture.png?html', but('a web page')),
	image('an empty file', 'size/0.mp4', /^Image URL is an empty file/),
	image('a file that is not there', 'media/none.png', /^Image URL is not there: .* status 404/),
	image('a file that is gone', 'media/picture.png?httpStatus=410', /status 410/),

	image('a host that asks for a login', 'media/picture.png?httpStatus=401'),
	image('a host that refuses n8n', 'media/picture.png?httpStatus=403'),
	image('a host that has too much to do', 'media/picture.png?httpStatus=429'),
	image('a host that is broken', 'media/picture.png?httpStatus=500'),
	image('a host that hangs up', 'media/picture.png?reset'),
	image('a host that says nothing', 'media/picture.png?delayMs=60000'),
	image('a host that nobody knows', 'https://nobody.example/picture.png'),

	audio('an MP3', 'media/tone.mp3'),
	audio('an MP3 with changing bit rates', 'media/variable.mp3'),
	audio('a WAV', 'media/tone.wav'),
	audio('an MP3 of 1 second', 'media/short.mp3', /^Audio URL lasts 1\.2 seconds/),
	audio('an MP3 of 31 seconds', 'media/long.mp3', /^Audio URL lasts 31\.2 seconds/),
	audio('an M4A', 'media/tone.m4a', /^Audio URL must be WAV or MP3, but is an M4A file/),
	audio('an OGG', 'media/tone.ogg', /^Audio URL must be WAV or MP3, but is an OGG file/),

	references('an MP4, a MOV and a PNG', ['media/clip.mp4', 'media/clip.mov', 'media/picture.png']),
	references('an MP4 whose index is at its end', ['media/index-last.mp4']),
	references('an MP4 without an end', ['size/1.mp4?endless&ignoreRange']),
	references('an MP4 of 8 frames a second', ['media/slow.mp4'], {
		hint: /^Reference 1 has 8 frames a second/,
	}),
	references('an MP4 of half a second', ['media/short.mp4'], {
		refusal: /^Reference 1 lasts 0\.5 seconds, but must last 1 to 30/,
	}),
	references('an MP4 of 31 seconds', ['media/picture.png', 'media/long.mp4'], {
		refusal: /^Reference 2 lasts 31 seconds, but must last 1 to 30/,
	}),
	references('an MP4 of 120 MB', ['size/120000000.mp4'], {
		refusal: /^Reference 1 has 120 MB, but may have 100 at most/,
	}),
	references('an MP4 with nothing but sound', ['media/sound-only.mp4'], {
		refusal: /^Reference 1 holds sound, but no picture/,
	}),
	references('a WEBM', ['media/clip.webm'], {
		refusal: /^Reference 1 must be JPEG, PNG, BMP or WEBP, or MP4 or MOV, but is a WEBM video/,
	}),
	references('three videos that their addresses do not show', hidden(3)),
	references('four videos that their addresses do not show', hidden(4), {
		refusal: /^References has 4 videos, but at most 3 may be videos/,
	}),
];
