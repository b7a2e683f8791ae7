import { isLocalHost, isLocalUrl, isLoopbackUrl, parseUrl } from '../../../nodes/shared/urls.ts';
import { LOCAL_HOSTS, PUBLIC_HOSTS } from '../support/hosts.mts';

test.each(LOCAL_HOSTS)('%s is only reached from inside', (host) => {
	expect(isLocalHost(host)).toBe(true);
	expect(isLocalUrl(`https://${host}/a.png`)).toBe(true);
});

test.each(PUBLIC_HOSTS)('%s is public', (host) => {
	expect(isLocalHost(host)).toBe(false);
	expect(isLocalUrl(`https://${host}/a.png`)).toBe(false);
});

test('a URL with an umlaut is one, however often URLs are read', () => {
	// Node 20 compiles what is called often, and its compiled URL.canParse refuses this URL.
	let read = 0;
	for (let round = 0; round < 50_000; round += 1) {
		if (parseUrl('https://exämple.com/ä.png') !== undefined) read += 1;
	}
	expect(read).toBe(50_000);
});

test('what is no URL leads nowhere', () => expect(isLocalUrl('localhost')).toBe(false));

test.each([
	['http://localhost:3000', true],
	['http://127.0.0.1:5/api/v1', true],
	['http://[::1]:5', true],
	['https://api.apixo.ai/api/v1', false],
	['https://localhost.example.com', false],
	['http://192.168.0.5', false],
	['not a url', false],
])('%s as the service’s address: loopback %s', (url, expected) => {
	expect(isLoopbackUrl(url)).toBe(expected);
});
