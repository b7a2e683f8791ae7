'use strict';

const BASE_PATH = '/api/v1';
const FILES_PATH = '/files';

/** @type {Array<{kind: string, method: RegExp, path: RegExp}>} */
const ROUTES = [
	{ kind: 'submit', method: /^POST$/, path: /^\/api\/v1\/generateTask\/(?<model>[^/]+)$/ },
	{ kind: 'status', method: /^GET$/, path: /^\/api\/v1\/statusTask\/(?<model>[^/]+)$/ },
	{ kind: 'balance', method: /^GET$/, path: /^\/api\/v1\/apikeys\/current-balance$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/size\/(?<bytes>\d+)\.mp4$/ },
	{ kind: 'file', method: /^(GET|HEAD)$/, path: /^\/files\/(?<taskId>[^/]+)\.mp4$/ },
];

/**
 * @typedef {object} Call
 * @property {string} kind submit, status, balance, file or other
 * @property {string} method
 * @property {string} path without the query
 * @property {URLSearchParams} query
 * @property {string} [model]
 * @property {string} [taskId] the task asked for
 * @property {number} [bytes] the size asked for
 */

/** Tells what a request is about. @returns {Call} */
function recognise(method, target) {
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

module.exports = { recognise, BASE_PATH, FILES_PATH };
