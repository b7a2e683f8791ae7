import type { IBinaryKeyData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Stop } from '../time/stop';
import { type FileRules, brokenFile, openFile } from '../transport/file';
import { type Outcome, about, failed, success } from '../wan/failure';
import type { Task } from '../wan/task';

type FileContext = IExecuteFunctions | IWebhookFunctions;

export interface Target extends FileRules {
	/** Field of the first video; further ones get `_1`, `_2` … behind it. */
	propertyName: string;
	/** Name of the first file; further ones get `_1`, `_2` … before the extension. */
	fileName?: string;
}

/**
 * The name of the field for a downloaded video; `__proto__` is none, since nothing can be put there.
 * @returns undefined if the value is no such name
 */
export function fieldName(value: unknown): string | undefined {
	const name = typeof value === 'string' ? value.trim() : '';
	return name === '' || name === '__proto__' ? undefined : name;
}

const withSuffix = (name: string, index: number) => (index === 0 ? name : `${name}_${index}`);

/** Bytes; file systems take 255, and n8n and its nodes add to a name. */
const LONGEST_FILE_NAME = 200;

/** A name that is only a name: no folders, nothing that ends a header or a path. */
function safeName(name: string): string {
	const plain = name.replace(/[\\/\p{Cc}\p{Cs}]+/gu, '_').replace(/^\.+/, '_');
	const characters = [...plain.slice(0, 2 * LONGEST_FILE_NAME)];
	while (Buffer.byteLength(characters.join('')) > LONGEST_FILE_NAME) characters.pop();
	return characters.join('');
}

function fileNameFor({ taskId }: Task, { fileName }: Target, index: number): string {
	const wanted = safeName(fileName ?? taskId.replace(/[^\w.-]/g, '_'));
	const [, base, extension] = /^(.*?)(\.[a-z0-9]{2,4})?$/is.exec(wanted) ?? [];
	return `${withSuffix(base ?? wanted, index)}${extension ?? '.mp4'}`;
}

/** Streams one file into n8n's binary data; memory stays flat in its filesystem mode. */
async function fetchVideo(
	context: FileContext,
	url: string,
	fileName: string,
	rules: FileRules,
	stop: Stop,
): Promise<Outcome<IBinaryKeyData[string]>> {
	const controller = new AbortController();
	const unwatch = stop.watch(() => controller.abort());
	try {
		const file = await openFile(context, url, rules, controller.signal);
		if (!file.ok) return file;
		return success(await context.helpers.prepareBinaryData(file.value, fileName, 'video/mp4'));
	} catch (error) {
		return brokenFile(error, stop.requested);
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
		const fileName = fileNameFor(task, target, index);
		const file = await fetchVideo(context, url, fileName, target, stop);
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
