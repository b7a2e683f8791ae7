import {
	isLocalHost,
	isLoopback,
	mediaUrl,
	mediaUrlFault,
	mediumOf,
} from '../../../nodes/WanVideo/wan/urls.ts';

const faultOf = (url, media = ['image'], allowLocal = false) =>
	mediaUrlFault(url, media, allowLocal);

test.each([
	['localhost'],
	['LOCALHOST.'],
	['127.0.0.1'],
	['127.9.9.9'],
	['10.1.2.3'],
	['172.16.0.1'],
	['172.31.255.255'],
	['192.168.1.1'],
	['169.254.169.254'],
	['0.0.0.0'],
	['100.64.0.1'],
	['[::1]'],
	['[::]'],
	['[fd00::1]'],
	['[fe80::1]'],
	['[::ffff:7f00:1]'],
	['nas'],
	['printer.local'],
	['db.internal'],
	['host.docker.internal'],
	['metadata.google.internal'],
	['localhost..'],
	['nas.home.arpa'],
	['router.home'],
	['192.0.0.1'],
	['198.18.0.1'],
	['224.0.0.1'],
	['255.255.255.255'],
	['[fec0::1]'],
	['[ff02::1]'],
	['[::7f00:1]'],
	['[64:ff9b::7f00:1]'],
	['[2002:7f00:1::]'],
	['[2001:0:7f00:1::]'],
	['[2001::1]'],
])('%s is only reached from inside', (host) => {
	expect(isLocalHost(host)).toBe(true);
	const bracketed = new URL(`https://${host}/a.png`).href;
	expect(faultOf(bracketed)).toMatch(/private network/);
	expect(faultOf(bracketed, ['image'], true)).toBeUndefined();
});

test.each([
	['example.com'],
	['8.8.8.8'],
	['172.15.0.1'],
	['172.32.0.1'],
	['192.169.0.1'],
	['11.0.0.1'],
	['[2606:4700::1]'],
	['[2a00:1450:4001::1]'],
	['[2001:4860:4860::8888]'],
	['223.255.255.255'],
	['198.17.0.1'],
	['home.example.com'],
	['localhost.example.com'],
	['10.example.com'],
])('%s is public', (host) => {
	expect(isLocalHost(host)).toBe(false);
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

test.each([
	['http://localhost:3000', true],
	['http://127.0.0.1:5/api/v1', true],
	['http://[::1]:5', true],
	['https://api.apixo.ai/api/v1', false],
	['https://localhost.example.com', false],
	['http://192.168.0.5', false],
	['not a url', false],
])('%s as the service’s address: loopback %s', (url, expected) => {
	expect(isLoopback(url)).toBe(expected);
});

test.each([
	['image', 'jpg jpeg png bmp webp'],
	['video', 'mp4 mov'],
	['audio', 'wav mp3'],
])('the endings of %s files are known', (medium, extensions) => {
	for (const extension of extensions.split(' ')) {
		const url = `https://example.com/a.b/file.${extension.toUpperCase()}?v=1.zip#x.gif`;
		expect(mediumOf(url)).toBe(medium);
		expect(faultOf(url, [medium])).toBeUndefined();
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

test.each([
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
	[['https://example.com/a.png'], 'image', /must be text/],
])('%j is no %s', (url, medium, fault) => expect(faultOf(url, [medium])).toMatch(fault));

test('a long value is shortened where it is quoted', () => {
	expect(faultOf(`data:image/png;base64,${'A'.repeat(100_000)}`).length).toBeLessThan(200);
});

test.each([
	['https://example.com/a.png?x=%20', 'https://example.com/a.png?x=%20'],
	['HTTPS://Example.com:443/A.png', 'HTTPS://Example.com:443/A.png'],
	[' https://example.com/my file.png ', 'https://example.com/my%20file.png'],
	['https://example.com/a\r\nX-Injected: 1', 'https://example.com/aX-Injected:%201'],
	['https://exämple.com/ä.png', 'https://xn--exmple-cua.com/%C3%A4.png'],
])('%j is sent as %s', (url, sent) => expect(mediaUrl(url)).toBe(sent));
