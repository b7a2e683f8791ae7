import type { TaskView } from '../../../emulator/index.mts';
import type { Stray, StrayKind } from './story.mts';

/** Longer than n8n takes to answer under load. */
const TIMEOUT_MS = 20_000;
const STORM = 8;

/** A call to an execution, by APIXO or by somebody else. */
export interface Call {
	kind: string;
	/** Unix ms */
	at: number;
	endedAt?: number;
	/** which task its body names */
	taskId?: string;
	/** missing if nobody answered; of the last one, where it was redirected */
	status?: number;
	answer?: string;
}

/** What is sent. */
interface Letter {
	url: string;
	body: string;
	taskId?: string;
}

const bodyOf = (data: object) => JSON.stringify({ code: 200, message: 'success', data });

/** As APIXO reports it once it is finished. */
const report = ({ taskId, createTime }: TaskView, more: object = {}) =>
	bodyOf({
		taskId,
		state: 'success',
		createTime,
		completeTime: Date.now(),
		resultJson: '{"resultUrls":["https://evil.example/video.mp4"]}',
		...more,
	});

function withToken(url: string, token: string | undefined): string {
	const changed = new URL(url);
	if (token === undefined) changed.searchParams.delete('signature');
	else changed.searchParams.set('signature', token);
	return changed.toString();
}

type Writer = (task: TaskView, url: string) => Letter[];

const one =
	(write: (task: TaskView, url: string) => Partial<Letter>): Writer =>
	(task, url) => [{ url, body: report(task), taskId: task.taskId, ...write(task, url) }];

/** @returns URLs of version 0.1 had no path of their own */
export const olderUrl = (url: string) => url.replace('/wan-video?', '?');

const LETTERS: Record<StrayKind, Writer> = {
	repeated: one(() => ({})),
	storm: (task, url) =>
		Array.from({ length: STORM }, () => ({ url, body: report(task), taskId: task.taskId })),
	'forged failure': one((task) => ({ body: report(task, { state: 'failed', failCode: 'NSFW' }) })),
	'forged video': one((task) => ({ body: report(task, { resultJson: '{"resultUrls":[1]}' }) })),
	'older URL': one((_task, url) => ({ url: olderUrl(url) })),
	'unknown task': one(() => ({
		body: bodyOf({ taskId: 'task_of_nobody' }),
		taskId: 'task_of_nobody',
	})),
	empty: one(() => ({ body: '{}', taskId: undefined })),
	broken: one((task) => ({ body: report(task).slice(0, -1), taskId: undefined })),
	'no token': one((_task, url) => ({ url: withToken(url, undefined) })),
	'wrong token': one((_task, url) => ({ url: withToken(url, 'f'.repeat(64)) })),
};

const postOnce = async (url: string, body: string) =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body,
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});

async function post(kind: string, { url, body, taskId }: Letter): Promise<Call> {
	const call: Call = { kind, at: Date.now(), taskId };
	try {
		const response = await postOnce(url, body);
		call.status = response.status;
		call.answer = (await response.text()).slice(0, 300);
	} catch (error) {
		call.answer = String(error);
	}
	call.endedAt = Date.now();
	return call;
}

/**
 * Sends what somebody who has the URL might send.
 *
 * @param url the callback URL of the execution
 */
export const send = async ({ kind }: Stray, task: TaskView, url: string): Promise<Call[]> =>
	await Promise.all(LETTERS[kind](task, url).map(async (letter) => await post(kind, letter)));
