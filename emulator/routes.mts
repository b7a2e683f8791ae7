export const BASE_PATH = '/api/v1';
export const FILES_PATH = '/files';

const ROUTES: Array<{ kind: string; method: RegExp; path: RegExp }> = [
	{ kind: 'submit', method: /^POST$/, path: /^\/api\/v1\/generateTask\/(?<model>[^/]+)$/ },
	{ kind: 'status', method: /^GET$/, path: /^\/api\/v1\/statusTask\/(?<model>[^/]+)$/ },
	{ kind: 'balance', method: /^GET$/, path: /^\/api\/v1\/apikeys\/current-balance$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/size\/(?<bytes>\d+)\.mp4$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/(?<taskId>[^/]+)\.mp4$/ },
];

export interface Call {
	/** submit, status, balance, file or other */
	kind: string;
	method: string;
	/** without the query */
	path: string;
	query: URLSearchParams;
	model?: string;
	/** the task asked for */
	taskId?: string;
	/** the size asked for */
	bytes?: number;
}

/** Tells what a request is about. */
export function recognise(method, target): Call {
	const [path, search = ''] = target.split('?', 2);
	const query = new URLSearchParams(search);
	for (const { kind, method: methods, path: pattern } of ROUTES) {
		const groups = methods.test(method) && pattern.exec(path);
		if (!groups) continue;
		const { model, taskId, bytes } = groups.groups ?? {};
		return {
			kind,
			method,
			path,
			query,
			model,
			taskId: taskId ?? query.get('taskId') ?? undefined,
			bytes: bytes && Number(bytes),
		};
	}
	return { kind: 'other', method, path, query };
}
