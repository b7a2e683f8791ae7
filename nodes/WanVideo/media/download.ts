import type {
	IBinaryKeyData,
	IExecuteFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import { readNetworkError } from '../transport/answer';
import type { Stop } from '../time/stop';
import { type Outcome, STOPPED, about, failed, success } from '../wan/failure';
import type { Task } from '../wan/task';

type FileContext = IExecuteFunctions | IWebhookFunctions;

export interface Target {
	/** Field of the first video; further ones get `_1`, `_2` … behind it. */
	propertyName: string;
	/** Name of the first file; further ones get `_1`, `_2` … before the extension. */
	fileName?: string;
}

/** A download that stands still for so long is given up; milliseconds. */
const IDLE_TIMEOUT_MS = 60_000;

/** What a file host or a proxy sends in place of a video. */
const NOT_A_VIDEO = /^\s*(text\/|application\/(json|xml|xhtml))/i;

const withSuffix = (name: string, index: number) => (index === 0 ? name : `${name}_${index}`);

function fileNameFor(task: Task, { fileName }: Target, index: number): string {
	const wanted = fileName ?? task.taskId;
	const [, base, extension] = /^(.*?)(\.[a-z0-9]{2,4})?$/is.exec(wanted) ?? [];
	return `${withSuffix(base ?? wanted, index)}${extension ?? '.mp4'}`;
}

/** Streams one file into n8n's binary data; memory stays flat in its filesystem mode. */
async function fetchVideo(
	context: FileContext,
	url: string,
	fileName: string,
	stop: Stop,
): Promise<Outcome<IBinaryKeyData[string]>> {
	const controller = new AbortController();
	const unwatch = stop.watch(() => controller.abort());
	try {
		// A public file: fetched without the credential, so that the key stays with the API.
		const response = (await context.helpers.httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			abortSignal: controller.signal,
			timeout: IDLE_TIMEOUT_MS,
		})) as IN8nHttpFullResponse;
		const body = response.body as unknown as import('node:stream').Readable;
		const contentType = String(response.headers['content-type'] ?? '');
		if (response.statusCode !== 200 || NOT_A_VIDEO.test(contentType)) {
			body.destroy();
			return failed({
				message: `the file host answered with HTTP status ${response.statusCode} (${contentType || 'no content type'})`,
				hint: '',
				details: { httpCode: response.statusCode },
			});
		}
		return success(await context.helpers.prepareBinaryData(body, fileName, 'video/mp4'));
	} catch (error) {
		if (stop.requested) return failed(STOPPED);
		return failed({ message: readNetworkError(error).reason, hint: '', details: {} });
	} finally {
		unwatch();
	}
}

/** Downloads all videos of a finished task. A failure keeps the task ID and says where the video is. */
export async function downloadVideos(
	context: FileContext,
	task: Task,
	target: Target,
	stop: Stop,
): Promise<Outcome<IBinaryKeyData>> {
	const binary: IBinaryKeyData = {};
	for (const [index, url] of task.videoUrls.entries()) {
		const file = await fetchVideo(context, url, fileNameFor(task, target, index), stop);
		if (!file.ok) {
			const { failure } = file;
			if (failure.stopped) return failed(about(task.taskId, failure));
			return failed({
				message: `The video of task ${task.taskId} is finished, but could not be downloaded: ${failure.message}`,
				hint: `The video is paid for and stays at ${url}. Download it again with the Get operation and this task ID, or retry this execution: it does not pay again.`,
				details: { taskId: task.taskId, state: task.state, ...failure.details },
			});
		}
		binary[withSuffix(target.propertyName, index)] = file.value;
	}
	return success(binary);
}
