import fc from 'fast-check';
import { anything, imageUrl } from '../../support/model/odd.mts';
import { readMediaUrl } from '../../../nodes/WanVideo/media/mediaUrl.ts';
import { addressesIn } from '../../../nodes/WanVideo/media/addresses.ts';

const A = 'https://example.com/a.png';
const B = 'https://example.com/b.png?x=1,2';

test.each([
	[` ${A}\n`],
	[`\u200b${A}\u200b`],
	['https://example.com/\u200ba.png\ufeff'],
	['https:/example.com/a.png'],
	['https:\\\\example.com\\a.png'],
	['https:\\/\\/example.com\\/a.png'],
	['https: //example.com/a.png'],
	['https：//example.com/a.png'],
	['https://https://example.com/a.png'],
	['//example.com/a.png'],
	[`"${A}"`],
	[`“${A}”`],
	[`<${A}>`],
	[`(${A})`],
	[`${A},`],
	[`${A}.`],
	[`=${A}`],
	[`=IMAGE("${A}")`],
	[`[a picture](${A})`],
	[`![a picture](${A})`],
	[`<img src="${A}" alt="a">`],
	[`photo.png (${A})`],
	[`Image: ${A}`],
	[`["${A}"]`],
	[`{"url": "${A}"}`],
	[`${A}\n${A}`],
	['\n\thttps://exam\nple.com/a.png'],
])('%j is the address of a.png', (text) => {
	expect(readMediaUrl(text, ['image'], false)).toMatchObject({ url: A });
});

test.each([
	['www.example.com/a.png', 'https://www.example.com/a.png'],
	['https://example.com/a.png?x=1&amp;y=2', 'https://example.com/a.png?x=1&y=2'],
	['https://example.com/100%.png', 'https://example.com/100%25.png'],
	['https://example.com/100%25.png', 'https://example.com/100%25.png'],
	['https://example.com/a|b.png', 'https://example.com/a%7Cb.png'],
	['https://example.com/{a}.png', 'https://example.com/%7Ba%7D.png'],
	['https://example.com/a(1).png', 'https://example.com/a(1).png'],
	['[a](https://example.com/a_(1).png)', 'https://example.com/a_(1).png'],
	[
		'https://wsrv.nl/?url=https://example.com/a.png',
		'https://wsrv.nl/?url=https://example.com/a.png',
	],
	[
		'https://res.cloudinary.com/x/image/fetch/f_jpg,w_9/https://example.com/a.png',
		'https://res.cloudinary.com/x/image/fetch/f_jpg,w_9/https://example.com/a.png',
	],
	[`https://example.com/a.png?sig=a+b%2F%3D`, 'https://example.com/a.png?sig=a+b%2F%3D'],
])('%j is sent as %s', (text, url) => {
	expect(readMediaUrl(text, ['image'], false)).toMatchObject({ url });
});

test.each([
	[`${A}\n${B}`],
	[`${A}\r\n\r\n${B}\r\n`],
	[`${A}, ${B}`],
	[`${A},${B}`],
	[`${A}; ${B}`],
	[`${A}，${B}`],
	[`${A} ${B}`],
	[`"${A}" "${B}"`],
	[`["${A}", "${B}"]`],
	[`['${A}', '${B}',]`],
	[`a.png (${A}), b.png (${B})`],
	[`1. ${A}\n2. ${B}`],
])('%j holds two addresses', (text) => {
	expect(addressesIn(text)).toEqual([A, B]);
	expect(readMediaUrl(text, ['image'], false)).toMatchObject({
		fault: expect.stringMatching(/^holds 2 addresses, but takes one/),
	});
});

test.each([
	['data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>', /must be a public URL/],
	['C:\\Users\\me\\a.png', /is on a computer .*n8n Form/],
	['file:///home/me/a.png', /is on a computer .*n8n Form/],
	['ttps://example.com/a.png', /must be a public URL/],
	['example.com/a.png', /is not a URL/],
	['/files/a.png', /is not a URL/],
	['https//example.com/a.png', /is not a URL/],
	['https://', /is not a URL/],
	['a fox', /is not a URL/],
	['\u200b', /is empty/],
	['https://example.com/{{ $json.x }}.png', /holds \{\{ \$json.x \}\} in place of its value/],
	['{{ $json.url }}', /holds \{\{ \$json.url \}\}/],
	['https://example.com/{{id}}.png', /holds \{\{id\}\}/],
	['https://example.com/${id}.png', /holds \$\{id\}/],
	['$json.url', /holds \$json.url/],
	['https://example.com/undefined', /expression found no value/],
	['https://example.com/null/a.png', /expression found no value/],
	['https://example.com/undefined.png?x=1', /expression found no value/],
	['https://example.com/[object Object]', /expression found no value/],
	['https://example.com/images/.png', /expression found no value/],
])('%j is refused', (text, fault) => {
	expect(readMediaUrl(text, ['image'], false)).toMatchObject({
		fault: expect.stringMatching(fault),
	});
});

test('a missing value in a query may be meant', () => {
	const url = 'https://example.com/a.png?v=undefined';
	expect(readMediaUrl(url, ['image'], false)).toMatchObject({ url, hints: [] });
});

describe('a thing with one address is taken for it', () => {
	test.each([
		[[A]],
		[['', A, null]],
		[{ url: A }],
		[[{ id: 'att1', url: A, filename: 'a.png', thumbnails: { small: { url: B } } }]],
		[{ webViewLink: 'https://drive.google.com/file/d/1/view', webContentLink: A }],
		[{ type: 'image_url', image_url: { url: A } }],
		[{ name: 'a.png', type: 'file', file: { url: A, expiry_time: 'x' } }],
		[{ src: ` ${A} ` }],
	])('%j', (value) => {
		expect(readMediaUrl(value, ['image'], false)).toMatchObject({ url: A });
	});

	test('a file of a drive that gives nothing but its page', () => {
		const webViewLink = 'https://drive.google.com/file/d/1AbCdEfGhIjKl/view?usp=drivesdk';
		const read = readMediaUrl({ id: '1AbCdEfGhIjKl', webViewLink }, ['image'], false);
		expect(read).toMatchObject({ url: expect.stringContaining('download?id=1AbCdEfGhIjKl') });
	});

	test.each<[unknown, RegExp]>([
		[[A, B], /^must be one address, but is a list of 2: .* \[0\] behind/],
		[[{ url: A }, { url: B }], /list of 2: .* \[0\]\.url behind/],
		[{ mimeType: 'image/png', fileName: 'a.png', fileExtension: 'png' }, /^is a file, but/],
		[{ data: { mimeType: 'image/png', fileSize: '5 kB' } }, /^is a file, but/],
		[{ a: { x: 1 }, b: { y: 2 } }, /^must be text, a URL, but is "/],
		[[], /^is empty$/],
		[[''], /^is empty$/],
		[{}, /^must be text/],
		[5, /^must be text/],
		[{ url: { url: { url: { url: { url: A } } } } }, /^must be text/],
	])('%j is not', (value, fault) => {
		expect(readMediaUrl(value, ['image'], false)).toEqual({ fault: expect.stringMatching(fault) });
	});
});

describe('addresses that hold a secret are sent, with a warning', () => {
	test.each([
		['https://api.telegram.org/file/bot123456:AAH-x_y/photos/file_1.jpg', 'Telegram'],
		['https://user:pass@example.com/a.png', 'password'],
		['https://token@example.com/a.png', 'user name'],
		['https://example.com/a.png?access_token=abc', 'access key'],
		['https://www.googleapis.com/drive/v3/files/1?alt=media&key=AIzaSyX', 'access key'],
	])('%s', (url, what) => {
		expect(readMediaUrl(url, ['image'], false)).toMatchObject({
			url,
			hints: [expect.stringMatching(new RegExp(`^holds .*${what}.*, which APIXO learns`))],
		});
	});

	test.each([
		['https://api.telegram.org/a.png'],
		['https://bucket.s3.amazonaws.com/a.png?X-Amz-Signature=1&X-Amz-Credential=2'],
		['https://firebasestorage.googleapis.com/v0/b/x/o/a.png?alt=media&token=1'],
		['https://example.com/a.png?key=5'],
	])('%s holds none', (url) => {
		expect(readMediaUrl(url, ['image'], false)).toMatchObject({ url, hints: [] });
	});
});

describe('the type that an image service is to deliver counts, not the ending', () => {
	test.each([
		['https://x.imgix.net/IMG_1.heic?fm=jpg'],
		['https://x.imgix.net/IMG_1.heic?w=5&auto=format'],
		['https://res.cloudinary.com/x/image/upload/f_jpg/IMG_1.heic'],
		['https://res.cloudinary.com/x/image/upload/w_500,f_auto/v1/IMG_1.heic'],
		['https://ucarecdn.com/1/-/format/jpeg/IMG_1.heic?format=jpeg'],
		['https://example.com/cdn-cgi/image/width=80,format=webp/IMG_1.avif'],
		['https://res.cloudinary.com/x/video/upload/so_0,f_jpg/clip.mov'],
	])('%s may be an image', (url) => {
		expect(readMediaUrl(url, ['image'], false)).toMatchObject({ url });
	});

	test.each([
		['https://example.com/IMG_1.heic'],
		['https://example.com/IMG_1.heic?fm=avif'],
		['https://example.com/IMG_1.heic?fit=jpg'],
		['https://res.cloudinary.com/x/image/upload/f_gif/IMG_1.heic'],
		['https://example.com/pdf_jpg/a.pdf'],
	])('%s is none', (url) => {
		expect(readMediaUrl(url, ['image'], false)).toMatchObject({
			endingFault: expect.stringMatching(/^must be JPEG/),
		});
	});
});

/** What sheets, mails, pages and models put around an address, without changing it. */
const AROUND: Array<(url: string) => string> = [
	(url) => ` ${url}\r\n`,
	(url) => `\u200b${url}\ufeff`,
	(url) => `"${url}"`,
	(url) => `<${url}>`,
	(url) => `[x](${url})`,
	(url) => `Look: ${url},`,
	(url) => url.replaceAll('/', '\\/'),
	(url) => url.replaceAll('/', '\\'),
	(url) => url.replace('://', ':/'),
	(url) => `${url}\n${url}`,
	(url) => JSON.stringify({ url }),
];

test('whatever is around an address, it comes out whole', () => {
	fc.assert(
		fc.property(imageUrl, fc.constantFrom(...AROUND), (url, put) => {
			expect(readMediaUrl(put(url), ['image'], false)).toMatchObject({ url, hints: [] });
		}),
	);
});

const PROPER = /^https?:\/\/(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i;

test('whatever a field holds, it is refused in words, or sent as a proper URL', () => {
	const spoiled = fc
		.tuple(imageUrl, fc.string({ unit: 'binary', maxLength: 20 }), fc.nat())
		.map(([url, text, at]) => url.slice(0, at % url.length) + text + url.slice(at % url.length));
	fc.assert(
		fc.property(fc.oneof(anything, spoiled, fc.array(anything), fc.object()), (value) => {
			const read = readMediaUrl(value, ['image'], false);
			if ('fault' in read) expect(read.fault).toMatch(/^(is|must|points|holds) /);
			else {
				expect(read.url).toMatch(PROPER);
				expect(new URL(read.url).href.length).toBeGreaterThan(0);
			}
		}),
		{ numRuns: 3000 },
	);
});

test('hostile texts take no time', () => {
	for (const part of [
		'https://',
		'https: ',
		' ,',
		'((',
		'(https://a',
		'\\/',
		'"https:',
		'%',
		'.',
		'www.',
	]) {
		// A reader that took quadratic time would not come back from so long a text.
		const long = part.repeat(100_000);
		for (const text of [long, `${long}x`, `https://example.com/${long}`]) {
			expect(() => readMediaUrl(text, ['image'], false)).not.toThrow();
		}
	}
});
