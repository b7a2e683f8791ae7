import http from 'node:http';
import axios from 'axios';
import type { AxiosRequestConfig } from 'axios';

const REQUEST_TIMEOUT_MS = 30_000;

/** What n8n answered instead of doing it. */
export class N8nRequestError extends Error {
	name;
	status: number;
	body: unknown;

	constructor(call: string, status: number, body: unknown) {
		const said = body?.message ?? (typeof body === 'string' ? body : JSON.stringify(body));
		super(`${call} → ${status}: ${said}`);
		this.name = 'N8nRequestError';
		this.status = status;
		this.body = body;
	}
}

/** A login to n8n, and the requests that its editor makes with it. */
export class N8nSession {
	url: string;
	cookie;
	http;

	/** @param url of the server, without a slash at the end */
	constructor(url: string) {
		this.url = url;
		/** Value for a `Cookie` header; a browser may use it too. */
		this.cookie = '';
		this.http = axios.create({
			baseURL: url,
			proxy: false,
			// A connection that n8n closes just when it is used again would fail the test.
			httpAgent: new http.Agent({ keepAlive: false }),
			timeout: REQUEST_TIMEOUT_MS,
			validateStatus: () => true,
			maxContentLength: Infinity,
			maxBodyLength: Infinity,
		});
	}

	/**
	 * @param path below `/rest`
	 * @throws {N8nRequestError} unless n8n answers 2xx
	 */
	async request(method: string, path: string, config: AxiosRequestConfig = {}) {
		const response = await this.http.request({
			method,
			url: `/rest${path}`,
			...config,
			headers: { Cookie: this.cookie, ...config.headers },
		});
		if (response.status < 200 || response.status > 299) {
			throw new N8nRequestError(`${method} /rest${path}`, response.status, response.data);
		}
		return response;
	}

	/** @returns the answer's `data` */
	async get(path: string, params?: object): Promise<unknown> {
		return (await this.request('GET', path, { params })).data.data;
	}

	/** @returns the answer's `data` */
	async post(path: string, body: object = {}): Promise<unknown> {
		return (await this.request('POST', path, { data: body })).data.data;
	}

	async authenticate(path, body) {
		const response = await this.request('POST', path, { data: body });
		this.cookie = response.headers['set-cookie'].map((line) => line.split(';')[0]).join('; ');
		return response.data.data;
	}
}
