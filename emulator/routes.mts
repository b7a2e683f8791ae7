export const BASE_PATH = '/api/v1';
export const FILES_PATH = '/files';

const REQUEST_KINDS = ['submit', 'status', 'balance', 'file', 'other'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const isRequestKind = (text: string): text is RequestKind =>
	REQUEST_KINDS.some((kind) => kind === text);

const ROUTES: Array<{ kind: RequestKind; method: RegExp; path: RegExp }> = [
	{ kind: 'submit', method: /^POST$/, path: /^\/api\/v1\/generateTask\/(?<model>[^/]+)$/ },
	{ kind: 'status', method: /^GET$/, path: /^\/api\/v1\/statusTask\/(?<model>[^/]+)$/ },
	{ kind: 'balance', method: /^GET$/, path: /^\/api\/v1\/apikeys\/current-balance$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/size\/(?<bytes>\d+)\.mp4$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/media\/(?<media>[\w-]+\.\w+)$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/(?<taskId>[^/]+)\.mp4$/ },
];

/** What a request is about. */
export interface Route {
	kind: RequestKind;
	method: string;
	/** without the query */
	path: string;
	query: URLSearchParams;
	model?: string;
	/** the task asked for */
	taskId?: string;
	/** the size asked for */
	bytes?: number;
	/** the file of the folder `media` that is asked for */
	media?: string;
}

/** @param target path and query */
export function recognise(method: string, target: string): Route {
	const [path, search = ''] = target.split('?', 2);
	const query = new URLSearchParams(search);
	for (const { kind, method: methods, path: pattern } of ROUTES) {
		const match = methods.test(method) && pattern.exec(path);
		if (!match) continue;
		const { model, taskId, bytes, media } = match.groups ?? {};
		return {
			kind,
			method,
			path,
			query,
			model,
			taskId: taskId ?? query.get('taskId') ?? undefined,
			bytes: bytes === undefined ? undefined : Number(bytes),
			media,
		};
	}
	return { kind: 'other', method, path, query };
}
