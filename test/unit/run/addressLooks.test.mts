import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { AddressLooks } from '../../../nodes/WanVideo/run/addressLooks.ts';
import { mediaFile } from '../../support/media.mts';
import { required } from '../../support/required.mts';
import { standIn } from '../support/standIn.mts';

interface Response {
	statusCode: number;
	headers: Record<string, string>;
	body: Readable;
}

const response = (
	statusCode: number,
	body: Buffer = Buffer.alloc(0),
	headers: Record<string, string> = {},
): Response => ({ statusCode, headers, body: Readable.from([body]) });

/** The part of a file that is asked for, as hosts give it. */
function partOf(file: Buffer, { headers = {} }: IHttpRequestOptions): Response {
	const [, first, last] = required(/^bytes=(\d+)-(\d+)$/.exec(String(headers.Range)), 'Range');
	const from = Number(first);
	const part = file.subarray(from, Number(last) + 1);
	const range = `bytes ${from}-${from + part.length - 1}/${file.length}`;
	return response(206, part, { 'content-range': range });
}

function looksAt(answer: (options: IHttpRequestOptions) => unknown, allowLocal = false) {
	const requests: IHttpRequestOptions[] = [];
	const stop = new AbortController();
	const context = standIn<IExecuteFunctions>({
		helpers: standIn<IExecuteFunctions['helpers']>({
			httpRequest: async (options) => {
				requests.push(options);
				return await answer(options);
			},
		}),
	});
	return { looks: new AddressLooks(context, { allowLocal }, stop.signal), requests, stop };
}

const URL_A = 'https://files.example/a.png';
const PICTURE = mediaFile('picture.png');

/** A film whose index stands behind two megabytes. */
function longFilm(): Buffer {
	const film = mediaFile('index-last.mp4');
	const moov = film.indexOf('moov') - 4;
	const free = Buffer.alloc(2_000_000);
	free.writeUInt32BE(free.length, 0);
	free.write('free', 4, 'latin1');
	return Buffer.concat([film.subarray(0, moov), free, film.subarray(moov)]);
}

test('the first bytes are asked for, and no credential goes along', async () => {
	const { looks, requests } = looksAt((options) => partOf(PICTURE, options));
	const { facts } = await looks.at(URL_A);
	expect(facts).toMatchObject({ format: 'PNG', width: 320, sizeBytes: PICTURE.length });
	expect(requests).toHaveLength(1);
	const { headers = {}, ...request } = requests[0];
	expect(headers).toEqual({ Range: 'bytes=0-65535', 'Accept-Encoding': 'identity' });
	expect(request).toMatchObject({ url: URL_A, disableFollowRedirect: true, encoding: 'stream' });
});

test('what stands behind much that tells nothing is asked for alone', async () => {
	const film = longFilm();
	const { looks, requests } = looksAt((options) => partOf(film, options));
	const { facts } = await looks.at(URL_A);
	expect(facts).toMatchObject({ width: 320, durationSeconds: 2, sizeBytes: film.length });
	const ranges = requests.map(({ headers = {} }) => headers.Range);
	expect(ranges).toHaveLength(2);
	expect(ranges[1]).toMatch(/^bytes=200\d{4}-/);
});

test('a host that knows no parts is not read on and on', async () => {
	const film = longFilm();
	const pieces = Array.from({ length: 40 }, (_, n) => film.subarray(n * 50_000, (n + 1) * 50_000));
	const whole = { ...response(200), body: Readable.from(pieces) };
	const { looks, requests } = looksAt(() => whole);
	const { facts } = await looks.at(URL_A);
	expect(facts).toMatchObject({ format: 'MP4' });
	expect(facts).not.toHaveProperty('width');
	expect(whole.body.destroyed).toBe(true);
	expect(requests.length).toBeLessThanOrEqual(2);
});

test('an address is looked at once, also while it is being looked at', async () => {
	const { looks, requests } = looksAt((options) => partOf(PICTURE, options));
	const seen = await Promise.all([looks.at(URL_A), looks.at(URL_A), looks.at(URL_A)]);
	expect(new Set(seen).size).toBe(1);
	await looks.at(URL_A);
	expect(requests).toHaveLength(1);
});

test('a host that did not answer is not waited for again', async () => {
	const { looks, requests } = looksAt(async ({ url }) => {
		if (url.includes('dead')) throw Object.assign(new Error('x'), { code: 'ENOTFOUND' });
		return response(200, PICTURE);
	});
	expect(await looks.at('https://dead.example/1.png')).toEqual({});
	expect(await looks.at('https://dead.example/2.png')).toEqual({});
	expect((await looks.at(URL_A)).facts?.format).toBe('PNG');
	expect(requests.map(({ url }) => url)).toEqual(['https://dead.example/1.png', URL_A]);
});

test('a host that says nothing is given up after eight seconds', async () => {
	const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
	const { looks } = looksAt(async ({ abortSignal }) => {
		expect(abortSignal?.aborted).toBe(true);
		throw new Error('aborted');
	});
	expect(await looks.at(URL_A)).toEqual({});
	expect(timeout).toHaveBeenCalledWith(8_000);
	timeout.mockRestore();
});

test('after a stop, nobody is asked', async () => {
	const { looks, requests, stop } = looksAt(() => response(200, PICTURE));
	stop.abort();
	expect(await looks.at(URL_A)).toEqual({});
	expect(requests).toEqual([]);
});

test('what was seen before the connection broke off holds', async () => {
	const body = Readable.from(
		(function* () {
			yield PICTURE;
			throw new Error('broken');
		})(),
	);
	const { looks } = looksAt(() => ({ ...response(200), body }));
	expect((await looks.at(URL_A)).facts).toMatchObject({ format: 'PNG', width: 320 });
});

test.each([404, 410])('HTTP status %i says that there is no file', async (status) => {
	const gone = response(status, Buffer.from('<html>'));
	const { looks } = looksAt(() => gone);
	expect((await looks.at(URL_A)).fault).toContain(`HTTP status ${status}`);
	expect(gone.body.destroyed).toBe(true);
});

const UNKNOWN: Array<[string, Response]> = [
	...[204, 401, 403, 407, 429, 500, 503].map((status): [string, Response] => [
		`HTTP status ${status}`,
		response(status, Buffer.from('<html>')),
	]),
	['another part than the one asked for', response(206, PICTURE, { 'content-range': 'bytes 9-' })],
	['a part without a word of where it stands', response(206, PICTURE)],
	['bytes that are nothing known', response(200, Buffer.from('00010203', 'hex'))],
	['a redirect to nowhere', response(302)],
];

test.each(UNKNOWN)('%s says nothing for certain', async (_name, answer) => {
	const { looks } = looksAt(() => answer);
	expect(await looks.at(URL_A)).toEqual({});
});

test.each([
	['200 with no byte', response(200, Buffer.alloc(0), { 'content-length': '0' })],
	['416', response(416, Buffer.alloc(0), { 'content-range': 'bytes */0' })],
])('%s is an empty file', async (_name, answer) => {
	const { looks } = looksAt(() => answer);
	expect((await looks.at(URL_A)).facts).toEqual({ sizeBytes: 0 });
});

test('a redirect is followed, but not into a private network', async () => {
	const inside = 'http://169.254.169.254/latest/meta-data';
	const to = (location: string) => response(302, Buffer.alloc(0), { location });
	const { looks, requests } = looksAt(({ url }) => {
		if (url.endsWith('/hidden.png')) return to(inside);
		return url === URL_A ? to('/b.png') : response(200, PICTURE);
	});
	expect((await looks.at(URL_A)).facts?.format).toBe('PNG');
	expect(await looks.at('https://files.example/hidden.png')).toEqual({});
	expect(requests.map(({ url }) => url)).not.toContain(inside);
});

test.each(['http://127.0.0.1/a.png', 'http://10.0.0.1/a.png'])(
	'%s is not asked, unless the service is there too',
	async (url) => {
		const outside = looksAt(() => response(200, PICTURE));
		expect(await outside.looks.at(url)).toEqual({});
		expect(outside.requests).toEqual([]);
		const inside = looksAt(() => response(200, PICTURE), true);
		expect((await inside.looks.at(url)).facts?.format).toBe('PNG');
	},
);
