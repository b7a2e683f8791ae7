/** The files of `emulator/media/`, and what they are as `make.mts` there has made them. */
import fs from 'node:fs';
import path from 'node:path';
import type { MediaFacts } from '../../nodes/WanVideo/media/look/facts.ts';

const FOLDER = path.join(import.meta.dirname, '..', '..', 'emulator', 'media');

export const mediaFile = (name: string): Buffer => fs.readFileSync(path.join(FOLDER, name));

export const MEDIA_FILES = fs
	.readdirSync(FOLDER)
	.filter((name) => name !== 'README.md' && name !== 'make.mts');

type Told = Omit<MediaFacts, 'sizeBytes'>;

const image = (format: Told['format'], more: Told = {}): Told => ({
	format,
	kind: 'image',
	width: 320,
	height: 240,
	...more,
});

const solid = (format: Told['format']) => image(format, { hasTransparency: false });
const transparent = (format: Told['format']) => image(format, { hasTransparency: true });

const film = (format: Told['format'], more: Told = {}): Told => ({
	format,
	kind: 'video',
	hasPicture: true,
	width: 320,
	height: 180,
	durationSeconds: 2,
	framesPerSecond: 24,
	...more,
});

const sound = (format: Told['format'], durationSeconds: number): Told => ({
	format,
	kind: 'audio',
	durationSeconds,
});

/** Everything that the reader tells about each, but its size. */
export const TOLD: Record<string, Told> = {
	'picture.jpg': image('JPEG'),
	'progressive.jpg': image('JPEG'),
	'on-its-side.jpg': image('JPEG', { width: 240, height: 320 }),
	'picture.png': solid('PNG'),
	'palette.png': solid('PNG'),
	'transparent-palette.png': transparent('PNG'),
	'transparent.png': transparent('PNG'),
	'small.png': { ...solid('PNG'), width: 120, height: 90 },
	'large.png': { ...solid('PNG'), width: 8001, height: 300 },
	'picture.bmp': image('BMP'),
	'old.bmp': image('BMP'),
	'picture.webp': solid('WEBP'),
	'lossless.webp': solid('WEBP'),
	'transparent.webp': transparent('WEBP'),
	'transparent-lossless.webp': transparent('WEBP'),
	'picture.gif': { format: 'GIF', kind: 'image' },
	'picture.heic': { format: 'HEIC', kind: 'image' },
	'picture.avif': { format: 'AVIF', kind: 'image' },
	'picture.tiff': { format: 'TIFF', kind: 'image' },
	'picture.ico': { format: 'ICO', kind: 'image' },
	'picture.psd': { format: 'PSD', kind: 'image' },
	'sample.mp4': film('MP4', { durationSeconds: 4, framesPerSecond: 12 }),
	'clip.mp4': film('MP4'),
	'clip.mov': film('MOV'),
	'index-last.mp4': film('MP4'),
	'fragments.mp4': film('MP4', { durationSeconds: undefined, framesPerSecond: undefined }),
	'on-its-side.mp4': film('MP4', { width: 180, height: 320 }),
	'slow.mp4': film('MP4', { framesPerSecond: 8 }),
	'short.mp4': film('MP4', { durationSeconds: 0.5 }),
	'long.mp4': film('MP4', { durationSeconds: 31, framesPerSecond: 1 }),
	'sound-only.mp4': { format: 'MP4', kind: 'video', hasPicture: false, durationSeconds: 4 },
	'clip.3gp': { format: '3GP', kind: 'video' },
	'clip.webm': { format: 'WEBM', kind: 'video' },
	'clip.mkv': { format: 'MKV', kind: 'video' },
	'clip.avi': { format: 'AVI', kind: 'video' },
	'clip.flv': { format: 'FLV', kind: 'video' },
	'clip.mpg': { format: 'MPEG', kind: 'video' },
	'clip.wmv': { format: 'WMV', kind: 'video' },
	'tone.wav': sound('WAV', 4),
	'tone.mp3': sound('MP3', 4),
	'variable.mp3': sound('MP3', 4),
	'plain.mp3': sound('MP3', 4),
	'mpeg1.mp3': sound('MP3', 4),
	'short.mp3': sound('MP3', 1),
	'long.mp3': sound('MP3', 31),
	'tone.m4a': { format: 'M4A', kind: 'audio' },
	'tone.aac': { format: 'AAC', kind: 'audio' },
	'tone.ogg': { format: 'OGG', kind: 'audio' },
	'tone.flac': { format: 'FLAC', kind: 'audio' },
	'tone.aiff': { format: 'AIFF', kind: 'audio' },
};
