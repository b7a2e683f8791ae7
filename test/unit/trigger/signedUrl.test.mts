import { verify } from '../../../nodes/WanVideo/trigger/signature.ts';
import { signedCallbackUrl } from '../../../nodes/WanVideo/trigger/signedUrl.ts';
import { failureOf, valueOf } from '../support/results.mts';

const KEY = 'sk-apixo-1';
const NOW = Date.UTC(2026, 0, 9);
const URL_OF_TRIGGER = 'https://n8n.example.com/webhook/1/wan-video';

type Request = Partial<Parameters<typeof signedCallbackUrl>[0]>;

const sign = (request: Request, allowLoopback = false) =>
	signedCallbackUrl({ url: URL_OF_TRIGGER, ...request }, KEY, allowLoopback, NOW);

function claimsIn(signedUrl: string) {
	const signature = verify(KEY, new URL(signedUrl).searchParams.get('apixo'), NOW);
	if ('claims' in signature) return signature.claims;
	throw new Error(`The signature is ${signature.fault}`);
}

test('the URL stays what it was, with the signed claims added', () => {
	const value = valueOf(sign({ url: `${URL_OF_TRIGGER}?a=b%20c&d` }));
	const url = new URL(value);
	expect(url.origin + url.pathname).toBe(URL_OF_TRIGGER);
	expect([url.searchParams.get('a'), url.searchParams.has('d')]).toEqual(['b c', true]);
	expect(claimsIn(value)).toEqual({ expires: expect.any(Number) });
	expect(value).not.toContain(KEY);
});

test.each([
	['as text', '{"row":7}', { row: 7 }],
	['as an object', { row: 7 }, { row: 7 }],
	['as a list', [1], [1]],
	['as a number in text', '5', 5],
	['left empty', '', undefined],
	['not given', undefined, undefined],
])('context %s goes along', (_, context, expected) => {
	expect(claimsIn(valueOf(sign({ context }))).context).toEqual(expected);
});

test('the resume URL goes along', () => {
	const resumeUrl = 'https://n8n.example.com/webhook-waiting/5?signature=abc';
	expect(claimsIn(valueOf(sign({ resumeUrl }))).resumeUrl).toBe(resumeUrl);
});

test('the claims outlast any task, but not for ever', () => {
	const token = new URL(valueOf(sign({}))).searchParams.get('apixo');
	expect(verify(KEY, token, NOW + 3_600_000)).toHaveProperty('claims');
	expect(verify(KEY, token, NOW + 7 * 24 * 3_600_000)).toEqual({ fault: 'expired' });
});

test.each([
	['http://n8n.example.com/webhook/1'],
	['https://localhost/webhook/1'],
	['https://192.168.1.5/webhook/1'],
	['http://127.0.0.1:5678/webhook/1'],
	['n8n.example.com/webhook'],
	[''],
	[undefined],
	[5],
])('%j is no Callback URL, and the advice names WEBHOOK_URL', (url) => {
	const failure = failureOf(sign({ url }));
	expect(failure.message).toMatch(/^Callback URL /);
	expect(failure.hint).toMatch(/WEBHOOK_URL/);
});

test('a resume URL that APIXO’s callback could not follow is refused', () => {
	const failure = failureOf(sign({ resumeUrl: 'http://localhost:5678/webhook-waiting/5' }));
	expect(failure.message).toMatch(/resume URL/);
	expect(failure.hint).toMatch(/WEBHOOK_URL/);
});

test('loopback is fine where the service runs on this machine too', () => {
	const local = 'http://127.0.0.1:5678/webhook/1';
	expect(sign({ url: local, resumeUrl: local }, true).ok).toBe(true);
	expect(sign({ url: 'http://192.168.1.5/webhook/1' }, true).ok).toBe(false);
});

test.each([['{'], ['row 7'], ["{'row': 7}"]])('%j is no context', (context) => {
	expect(failureOf(sign({ context })).message).toMatch(/^Context/);
});

test('a context that no URL can carry is refused', () => {
	expect(sign({ context: { text: 'x'.repeat(1_000) } }).ok).toBe(true);
	const tooLarge = sign({ context: { text: 'x'.repeat(10_000) } });
	expect(failureOf(tooLarge).message).toMatch(/too large/);
});
