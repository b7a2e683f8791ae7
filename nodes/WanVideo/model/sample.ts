import { type Task, parseTask } from '../../apixo/task';

/** Where a browser can play the file of `sampleFile.ts`. */
const SAMPLE_URL =
	'https://cdn.jsdelivr.net/gh/apixo-ai/n8n-nodes-apixo@main/docs/media/sample.mp4';

/** No task of APIXO is called so. */
const PREFIX = 'sample_video_';

/** How long a sample claims to have taken, as a short real video does. */
const TAKEN_MS = 90_000;

export const SAMPLE_HINT =
	'Sample video: nothing was submitted to APIXO or paid for. For real videos, switch off Sample Video In Test Runs in Options';

export const sampleId = (executionId: string, runIndex: number, item: number): string =>
	`${PREFIX}${[executionId, runIndex, item].join('_')}`;

export const isSampleId = (taskId: string): boolean => taskId.startsWith(PREFIX);

/** A task that APIXO never had, as it would report it: finished just now. */
export function sampleTask(taskId: string, nowMs: number): Task {
	const data = {
		taskId,
		state: 'success',
		resultJson: JSON.stringify({ resultUrls: [SAMPLE_URL] }),
		createTime: nowMs - TAKEN_MS,
		completeTime: nowMs,
		costTime: TAKEN_MS,
		sample: true,
	};
	const task = parseTask(data, taskId);
	if (task === undefined) throw new Error('The sample cannot be read');
	return task;
}
