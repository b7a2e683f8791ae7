import { readMediaUrl } from '../../../nodes/WanVideo/media/mediaUrl.ts';

const read = (url: string) => readMediaUrl(url, ['image', 'video'], false);

const ID = '1AbC-dEfGhIjKlMnOpQrStUvWxYz_0123';
const DRIVE = `https://drive.usercontent.google.com/download?id=${ID}&export=download&confirm=t`;

test.each([
	[`https://drive.google.com/file/d/${ID}/view?usp=sharing`, DRIVE],
	[`https://drive.google.com/file/d/${ID}/view?usp=drivesdk`, DRIVE],
	[`https://drive.google.com/file/u/0/d/${ID}/edit`, DRIVE],
	[`https://drive.google.com/a/example.com/file/d/${ID}/preview`, DRIVE],
	[`https://docs.google.com/file/d/${ID}/edit`, DRIVE],
	[`https://drive.google.com/open?id=${ID}`, DRIVE],
	[`https://drive.google.com/open?usp=sharing&id=${ID}`, DRIVE],
	[`https://drive.google.com/file/d/${ID}/view?resourcekey=0-a`, `${DRIVE}&resourcekey=0-a`],
	[
		'https://www.dropbox.com/s/abc123/clip.mp4?dl=0',
		'https://www.dropbox.com/s/abc123/clip.mp4?dl=1',
	],
	[
		'https://www.dropbox.com/scl/fi/abc/a.png?rlkey=x&st=y&dl=0',
		'https://www.dropbox.com/scl/fi/abc/a.png?rlkey=x&st=y&dl=1',
	],
	['https://dropbox.com/s/abc123/a.png', 'https://dropbox.com/s/abc123/a.png?dl=1'],
	['https://github.com/o/r/blob/main/i/a.png', 'https://github.com/o/r/raw/main/i/a.png'],
	['https://github.com/o/r/blob/main/a.png?raw=true', 'https://github.com/o/r/raw/main/a.png'],
	['https://gitlab.com/g/s/r/-/blob/main/a.png', 'https://gitlab.com/g/s/r/-/raw/main/a.png'],
	[
		'https://huggingface.co/datasets/o/r/blob/main/a.png',
		'https://huggingface.co/datasets/o/r/resolve/main/a.png',
	],
	[
		'https://commons.wikimedia.org/wiki/File:A_fox.jpg',
		'https://commons.wikimedia.org/wiki/Special:FilePath/A_fox.jpg',
	],
	['https://tmpfiles.org/12345/a.png', 'https://tmpfiles.org/dl/12345/a.png'],
	['http://tmpfiles.org/12345/a.png', 'http://tmpfiles.org/dl/12345/a.png'],
])('%s is a page, in place of which %s is sent, with a hint', (page, file) => {
	expect(read(page)).toMatchObject({
		url: file,
		hints: [expect.stringMatching(/^is a link to a page of .*: its file is sent/)],
	});
	expect(read(file)).toMatchObject({ url: file, hints: [] });
});

test.each([
	['https://drive.google.com/drive/folders/1AbC', 'Google Drive'],
	['https://drive.google.com/drive/u/0/my-drive', 'Google Drive'],
	['https://docs.google.com/presentation/d/1AbC/edit', 'Google Docs'],
	['https://photos.app.goo.gl/abc', 'Google Photos'],
	['https://photos.google.com/share/abc', 'Google Photos'],
	['https://www.dropbox.com/scl/fo/abc/def?rlkey=x&dl=0', 'Dropbox'],
	['https://www.dropbox.com/sh/abc/def', 'Dropbox'],
	['https://1drv.ms/i/s!abc', 'OneDrive'],
	['https://onedrive.live.com/?id=1', 'OneDrive'],
	['https://firm.sharepoint.com/:i:/g/abc?e=1', 'OneDrive'],
	['https://www.icloud.com/iclouddrive/abc#a.png', 'iCloud'],
	['https://share.icloud.com/photos/abc', 'iCloud'],
	['https://app.box.com/s/abc', 'Box'],
	['https://mega.nz/file/abc', 'MEGA'],
	['https://we.tl/t-abc', 'WeTransfer'],
	['https://files.slack.com/files-pri/T1-F1/a.png', 'Slack'],
	['https://imgur.com/abc123', 'Imgur'],
	['https://imgur.com/a/abc123', 'Imgur'],
	['https://imgur.com/gallery/a-fox-abc', 'Imgur'],
	['https://ibb.co/abc', 'ImgBB'],
	['https://unsplash.com/photos/a-fox-abc', 'Unsplash'],
	['https://www.pexels.com/photo/a-fox-1/', 'Pexels'],
	['https://de.pinterest.com/pin/1/', 'Pinterest'],
	['https://www.youtube.com/watch?v=abc', 'YouTube'],
	['https://m.youtube.com/shorts/abc', 'YouTube'],
	['https://youtu.be/abc', 'YouTube'],
	['https://vimeo.com/123', 'Vimeo'],
	['https://www.tiktok.com/@a/video/1', 'TikTok'],
	['https://www.instagram.com/p/abc/', 'Instagram'],
	['https://x.com/a/status/1', 'X'],
	['https://t.me/a/1', 'Telegram'],
	['https://www.canva.com/design/abc/view', 'Canva'],
	['https://airtable.com/app1/tbl1', 'Airtable'],
])('%s is refused as a page of %s, with what to do', (page, service) => {
	expect(read(page)).toEqual({
		fault: expect.stringMatching(`^is a link to a page of ${service}, not to a file: \\w`),
	});
});

test.each([
	[`https://drive.google.com/uc?export=download&id=${ID}`],
	[`https://drive.google.com/thumbnail?id=${ID}&sz=w1000`],
	['https://lh3.googleusercontent.com/abc=w1000'],
	['https://dl.dropboxusercontent.com/s/abc/a.png'],
	['https://www.dropbox.com/s/abc/a.png?raw=1'],
	['https://raw.githubusercontent.com/o/r/main/a.png'],
	['https://github.com/o/r/releases/download/v1/a.png'],
	['https://github.com/o/r/raw/main/a.png'],
	['https://i.imgur.com/abc123.png'],
	['https://i.ibb.co/abc/a.png'],
	['https://images.unsplash.com/photo-1?w=1000'],
	['https://images.pexels.com/photos/1/a.jpeg'],
	['https://i.pinimg.com/originals/a.png'],
	['https://img.youtube.com/vi/abc/0.jpg'],
	['https://graph.facebook.com/1/picture'],
	['https://export-download.canva.com/a.png'],
	['https://firm.sharepoint.com/:i:/g/abc?download=1'],
	['https://upload.wikimedia.org/wikipedia/commons/a/a0/A_fox.jpg'],
	['https://cdn.discordapp.com/attachments/1/2/a.png?ex=1'],
	['https://notdropbox.com/s/abc/a.png'],
	['https://example.com/github.com/o/r/blob/main/a.png'],
])('%s is a file', (url) => expect(read(url)).toMatchObject({ url, hints: [] }));

test('a page about a file of another type is refused for the type', () => {
	expect(read('https://github.com/o/r/blob/main/a.gif')).toMatchObject({
		endingFault: expect.stringMatching(/ends in "\.gif"/),
	});
});
