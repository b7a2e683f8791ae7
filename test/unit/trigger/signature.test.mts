import crypto from 'node:crypto';
import fc from 'fast-check';
import { sign, verify } from '../../../nodes/WanVideo/trigger/signature.ts';

const KEY = 'sk-apixo-1';
const NOW = Date.UTC(2026, 0, 9);
const EXPIRES = NOW / 1000 + 3600;
const claims = { expires: EXPIRES, context: { row: 7 }, resumeUrl: 'https://n8n.example/resume' };

const isForged = (token: string) => {
	const signature = verify(KEY, token, NOW);
	return 'fault' in signature && signature.fault === 'forged';
};

test('what was signed comes back', () => {
	fc.assert(
		fc.property(fc.string(), fc.jsonValue(), (key, context) => {
			const signed = { expires: EXPIRES, context };
			const read = verify(key, sign(key, signed), NOW);
			expect(JSON.stringify(read)).toBe(JSON.stringify({ claims: signed }));
		}),
	);
});

test('no character can be changed, added or left out', () => {
	const token = sign(KEY, claims);
	const spot = fc.nat({ max: token.length - 1 });
	const character = fc.constantFrom(...'AZaz09-_.=+/ \n\0é');
	const edits: Array<(at: number, added: string) => string> = [
		(at, added) => token.slice(0, at) + added + token.slice(at + 1),
		(at, added) => token.slice(0, at) + added + token.slice(at),
		(at) => token.slice(0, at) + token.slice(at + 1),
		(at) => token.slice(0, at),
		(_, added) => token + added,
	];
	fc.assert(
		fc.property(spot, character, fc.constantFrom(...edits), (at, added, edit) => {
			const changed = edit(at, added);
			fc.pre(changed !== token && changed !== '');
			expect(verify(KEY, changed, NOW)).toEqual({ fault: 'forged' });
		}),
		{ numRuns: 2000 },
	);
});

test('every byte at every place is needed: each one changed to each other letter is forged', () => {
	const token = sign(KEY, claims);
	const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
	const accepted = [...token].flatMap((own, at) =>
		letters
			.filter((letter) => letter !== own)
			.map((letter) => token.slice(0, at) + letter + token.slice(at + 1))
			.filter((changed) => !isForged(changed)),
	);
	expect(accepted).toEqual([]);
});

test('a signature of the right length is only compared in constant time', () => {
	const compare = jest.spyOn(crypto, 'timingSafeEqual');
	const genuine = sign(KEY, claims);
	const guess = genuine.replace(/[^.]*$/, Buffer.alloc(32, 7).toString('base64url'));
	expect(verify(KEY, guess, NOW)).toEqual({ fault: 'forged' });
	expect(compare.mock.calls).toEqual([
		[Buffer.alloc(32, 7), Buffer.from(genuine.split('.')[2], 'base64url')],
	]);
	compare.mockRestore();
});

test('claims cannot be exchanged under a signature', () => {
	const [version, , mac] = sign(KEY, claims).split('.');
	const [, payload] = sign(KEY, { ...claims, context: { row: 8 } }).split('.');
	expect(verify(KEY, [version, payload, mac].join('.'), NOW)).toEqual({ fault: 'forged' });
});

test('another key signs otherwise', () => {
	expect(verify('sk-apixo-2', sign(KEY, claims), NOW)).toEqual({ fault: 'forged' });
});

test('the key cannot be read from the URL', () => {
	const [, payload] = sign(KEY, claims).split('.');
	expect(Buffer.from(payload, 'base64url').toString()).not.toContain(KEY);
});

test('it is good up to the second in which it expires', () => {
	const token = sign(KEY, claims);
	expect(verify(KEY, token, EXPIRES * 1000)).toHaveProperty('claims');
	expect(verify(KEY, token, EXPIRES * 1000 + 1)).toEqual({ fault: 'expired' });
});

test.each([[undefined], [null], [''], [5], [['v1.a.b']], [{}]])('%j is unsigned', (token) => {
	expect(verify(KEY, token, NOW)).toEqual({ fault: 'unsigned' });
});

test.each([
	['x'],
	['..'],
	['v1..'],
	['v2.e30.AAAA'],
	['v1.e30.AAAA'],
	['v1.'.padEnd(100_000, 'A')],
])('%.20s is forged', (token) => expect(verify(KEY, token, NOW)).toEqual({ fault: 'forged' }));
