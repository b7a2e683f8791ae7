import { type FileKind, FORMATS } from '../../../nodes/WanVideo/media/fileTypes.ts';
import { readMediaUrl } from '../../../nodes/WanVideo/media/mediaUrl.ts';
import { LOCAL_HOSTS, PUBLIC_HOSTS } from '../support/hosts.mts';
import { required } from '../../support/required.mts';

const read = (value: unknown, accepted: FileKind[] = ['image'], allowLocal = false) =>
	readMediaUrl(value, accepted, allowLocal);

/** What is wrong with a URL; undefined if nothing is. */
function faultOf(value: unknown, accepted?: FileKind[], allowLocal?: boolean) {
	const found = read(value, accepted, allowLocal);
	return 'fault' in found ? found.fault : found.endingFault;
}

function acceptedUrl(value: unknown, accepted?: FileKind[]) {
	const found = read(value, accepted);
	if ('fault' in found) throw new Error(`The URL ${found.fault}`);
	return found;
}

test.each(LOCAL_HOSTS)('%s is not fetched from, unless the service runs there too', (host) => {
	const { href } = new URL(`https://${host}/a.png`);
	expect(faultOf(href)).toMatch(/private network/);
	expect(faultOf(href, ['image'], true)).toBeUndefined();
});

test.each(PUBLIC_HOSTS)('%s is fetched from', (host) => {
	expect(faultOf(`https://${host}/a.png`)).toBeUndefined();
});

test.each([
	['https://2130706433/a.png'],
	['https://0x7f.1/a.png'],
	['https://0x7f000001/a.png'],
	['https://017700000001/a.png'],
	['https://127.1/a.png'],
	['https://127.0.0.1./a.png'],
	['https://１２７.０.０.１/a.png'],
	['https://①②⑦.0.0.1/a.png'],
	['https://ⓛocalhost/a.png'],
	['https://example.com@127.0.0.1/a.png'],
	['https://user:pass@[::ffff:127.0.0.1]/a.png'],
	['https://127.0.0.1\\@example.com/a.png'],
	['https://%31%32%37.0.0.1/a.png'],
	['https:127.0.0.1/a.png'],
	['https:///127.0.0.1/a.png'],
])('%s is this machine in disguise', (url) => expect(faultOf(url)).toMatch(/private network/));

const ENDINGS: Array<[FileKind, string]> = [
	['image', 'jpg jpeg png bmp webp'],
	['video', 'mp4 mov'],
	['audio', 'wav mp3'],
];

test.each(ENDINGS)('the endings of %s files are known', (kind, extensions) => {
	expect(extensions.split(' ')).toEqual(FORMATS[kind].extensions);
	for (const extension of extensions.split(' ')) {
		const url = `https://example.com/a.b/file.${extension.toUpperCase()}?v=1.zip#x.gif`;
		expect(acceptedUrl(url, [kind]).kind).toBe(kind);
	}
});

test.each([
	['https://example.com/a'],
	['https://example.com/'],
	['https://example.com/image.php?id=5'],
	['https://example.com/v1.25/picture'],
	['http://example.com/a.png'],
	['  https://example.com/a.png '],
	['https://user:pass@example.com/a.png'],
	['https://example.com/bild%20ä.png'],
])('%s may well be an image', (url) => expect(faultOf(url)).toBeUndefined());

const WRONG: Array<[unknown, FileKind, RegExp]> = [
	['https://example.com/a.gif', 'image', /must be JPEG.*ends in "\.gif"/],
	['https://example.com/a.mp4', 'image', /must be JPEG.*ends in "\.mp4"/],
	['https://example.com/a.avi', 'video', /must be MP4 or MOV.*"\.avi"/],
	['https://example.com/a.ogg', 'audio', /must be WAV or MP3.*"\.ogg"/],
	['https://example.com/a.png', 'audio', /must be WAV or MP3.*"\.png"/],
	['data:image/png;base64,AAAA', 'image', /must be a public URL/],
	['ftp://example.com/a.png', 'image', /must be a public URL/],
	['example.com/a.png', 'image', /is not a URL/],
	['', 'image', /^is empty$/],
	['   ', 'image', /^is empty$/],
	[undefined, 'image', /^is empty$/],
	[5, 'image', /must be text/],
	[['https://example.com/a.png', 'https://example.com/b.png'], 'image', /list of 2/],
];

test.each(WRONG)('%j is no %s', (url, kind, fault) => {
	expect(faultOf(url, [kind])).toMatch(fault);
});

test('a long value is shortened where it is quoted', () => {
	const fault = required(faultOf(`data:image/png;base64,${'A'.repeat(100_000)}`), 'fault');
	expect(fault.length).toBeLessThan(200);
});

test.each([
	['https://example.com/a.png?x=%20', 'https://example.com/a.png?x=%20'],
	['HTTPS://Example.com:443/A.png', 'HTTPS://Example.com:443/A.png'],
	[' https://example.com/my file.png ', 'https://example.com/my%20file.png'],
	['https://example.com/a\r\nX-Injected: 1', 'https://example.com/aX-Injected:%201'],
	['https://exämple.com/ä.png', 'https://xn--exmple-cua.com/%C3%A4.png'],
])('%j is sent as %s', (url, sent) => expect(acceptedUrl(url).url).toBe(sent));
