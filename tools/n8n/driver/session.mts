import http from 'node:http';
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';

const REQUEST_TIMEOUT_MS = 30_000;

/** n8n's JSON answers to its editor have what they tell in `data`. */
interface Envelope<Data> {
	data: Data;
}

/** What n8n answered instead of doing it. */
export class N8nRequestError extends Error {
	status: number;
	body: unknown;

	constructor(call: string, status: number, body: unknown) {
		super(`${call} → ${status}: ${saidIn(body)}`);
		this.name = 'N8nRequestError';
		this.status = status;
		this.body = body;
	}
}

function saidIn(body: unknown): string {
	if (typeof body === 'string') return body;
	const hasMessage = typeof body === 'object' && body !== null && 'message' in body;
	return hasMessage ? String(body.message) : JSON.stringify(body);
}

/** A login to n8n, and the requests that its editor makes with it. */
export class N8nSession {
	readonly url: string;
	/** Value for a `Cookie` header; a browser may use it too. */
	cookie = '';
	readonly http: AxiosInstance;

	/** @param url of the server, without a slash at the end */
	constructor(url: string) {
		this.url = url;
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
	 * As with axios, `Body` is what the caller knows n8n to answer there: nothing checks it.
	 *
	 * @param path below `/rest`
	 * @throws {N8nRequestError} unless n8n answers 2xx
	 */
	async request<Body = unknown>(
		method: string,
		path: string,
		config: AxiosRequestConfig = {},
	): Promise<AxiosResponse<Body>> {
		const response = await this.http.request<Body>({
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

	/** @returns the answer's `data`; for its type see `request` */
	async get<Data = unknown>(path: string, params?: object): Promise<Data> {
		return (await this.request<Envelope<Data>>('GET', path, { params })).data.data;
	}

	/** @returns the answer's `data`; for its type see `request` */
	async post<Data = unknown>(path: string, body: object = {}): Promise<Data> {
		return (await this.request<Envelope<Data>>('POST', path, { data: body })).data.data;
	}

	protected async authenticate(path: string, body: object): Promise<void> {
		const { headers } = await this.request('POST', path, { data: body });
		const cookies = headers['set-cookie'] ?? [];
		this.cookie = cookies.map((line) => line.split(';')[0]).join('; ');
	}
}
