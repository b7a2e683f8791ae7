/*
 * Makes the files of this folder with ffmpeg, ImageMagick 6, cwebp and heif-enc (on Debian 12:
 * apt-get install ffmpeg imagemagick webp libheif-examples):
 *
 *     node --import tsx emulator/media/make.mts
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = import.meta.dirname;

const picture = (size = '320x240') => `-size ${size} gradient:navy-orange`;

/** By file, what ImageMagick is given before it. */
const IMAGES: Record<string, string> = {
	'picture.jpg': `${picture()} -quality 30`,
	'progressive.jpg': `${picture()} -quality 30 -interlace JPEG`,
	'picture.png': `${picture()} -define png:color-type=2`,
	'palette.png': `${picture()} +dither -colors 4 -define png:color-type=3`,
	'transparent-palette.png': '-size 320x240 radial-gradient:navy-none +dither -colors 4',
	'transparent.png': '-size 320x240 xc:none -define png:color-type=6',
	'small.png': `${picture('120x90')} -define png:color-type=2`,
	'large.png': '-size 8001x300 xc:navy -monochrome',
	'picture.bmp': '-size 320x240 pattern:gray50 -monochrome',
	'old.bmp': '-size 320x240 pattern:gray50 -monochrome -define bmp:format=bmp2',
	'picture.gif': `${picture()} +dither -colors 4`,
	'picture.tiff': '-size 320x240 xc:navy -monochrome -compress Zip',
	'picture.ico': '-size 32x32 xc:navy',
	'picture.psd': '-size 32x32 xc:navy',
};

const film = (seconds: number, rate = 24) =>
	`-f lavfi -i testsrc=size=320x180:rate=${rate}:duration=${seconds}`;

const tone = (seconds: number, rate = 8000) =>
	`-f lavfi -i sine=frequency=440:sample_rate=${rate}:duration=${seconds}`;

const H264 = '-c:v libx264 -pix_fmt yuv420p -preset veryslow -crf 45';
const AAC = '-c:a aac -b:a 16k';

/** By file, what ffmpeg is given before it. */
const MADE_BY_FFMPEG: Record<string, string> = {
	'clip.mp4': `${film(2)} ${tone(2)} ${H264} ${AAC} -movflags +faststart`,
	'index-last.mp4': `${film(2)} ${H264}`,
	'fragments.mp4': `${film(2)} ${H264} -movflags frag_keyframe+empty_moov`,
	'on-its-side.mp4': '-i clip.mp4 -c copy -metadata:s:v:0 rotate=90',
	'slow.mp4': `${film(2, 8)} ${H264}`,
	'short.mp4': `${film(0.5)} ${H264}`,
	'long.mp4': `${film(31, 1)} ${H264}`,
	'sound-only.mp4': `${tone(4)} ${AAC}`,
	'clip.mov': `${film(2)} ${tone(2)} ${H264} ${AAC}`,
	'picture.avif':
		'-f lavfi -i color=navy:size=64x64:rate=1:duration=1 -c:v libaom-av1 -cpu-used 8 -still-picture 1',
	'clip.3gp': `${film(2)} -c:v mpeg4 -q:v 31`,
	'clip.webm': `${film(2)} -c:v libvpx -crf 60 -b:v 20k`,
	'clip.mkv': `${film(2)} ${H264}`,
	'clip.avi': `${film(2)} -c:v mpeg4 -q:v 31`,
	'clip.flv': `${film(2)} ${H264}`,
	'clip.mpg': `${film(2)} -c:v mpeg1video -q:v 31`,
	'clip.wmv': `${film(2)} -c:v wmv2 -q:v 31`,
	'tone.wav': `${tone(4, 4000)} -c:a pcm_u8`,
	'tone.mp3': `${tone(4)} -b:a 8k`,
	'variable.mp3': `${tone(4, 22050)} -q:a 9`,
	'plain.mp3': `${tone(4)} -b:a 8k -write_xing 0 -id3v2_version 0`,
	'mpeg1.mp3': `${tone(4, 48000)} -b:a 32k -write_xing 0`,
	'short.mp3': `${tone(1)} -b:a 8k`,
	'long.mp3': `${tone(31)} -b:a 8k -write_xing 0 -id3v2_version 0`,
	'tone.m4a': `${tone(4)} ${AAC}`,
	'tone.aac': `${tone(4)} ${AAC}`,
	'tone.ogg': `${tone(4)} -c:a libopus -b:a 6k`,
	'tone.flac': tone(1),
	'tone.aiff': tone(1, 4000),
};

/** By file, the program that makes it of another one, and what it is given between the two. */
const CONVERTED: Record<string, [program: string, from: string, args: string]> = {
	'picture.webp': ['cwebp', 'picture.png', '-quiet -q 10 -o'],
	'lossless.webp': ['cwebp', 'palette.png', '-quiet -lossless -o'],
	'transparent.webp': ['cwebp', 'transparent-palette.png', '-quiet -q 10 -o'],
	'transparent-lossless.webp': ['cwebp', 'transparent-palette.png', '-quiet -lossless -o'],
	'picture.heic': ['heif-enc', 'picture.png', '-q 10 -o'],
};

const run = (program: string, ...args: string[]) =>
	execFileSync(program, args, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });

const words = (text: string) => text.split(' ');

for (const [file, args] of Object.entries(IMAGES)) {
	run('convert-im6.q16', ...words(args), '-strip', file);
}
for (const [file, args] of Object.entries(MADE_BY_FFMPEG)) {
	run('ffmpeg', '-y', '-v', 'error', ...words(args), '-fflags', '+bitexact', file);
}
for (const [file, [program, from, args]] of Object.entries(CONVERTED)) {
	run(program, from, ...words(args), file);
}

// As phones store it: behind the start, what says that the picture lies on its side (orientation 6).
const exif = Buffer.from(
	'ffe10022457869660000' +
		'4d4d002a00000008' +
		'0001' +
		'0112000300000001' +
		'00060000' +
		'00000000',
	'hex',
);
const jpeg = readFileSync(join(FOLDER, 'picture.jpg'));
writeFileSync(
	join(FOLDER, 'on-its-side.jpg'),
	Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]),
);
