import type { IBinaryData, IBinaryKeyData } from 'n8n-workflow';
import type { RequestContext } from '../../apixo/connection';
import { type FileRules, brokenFile, openVideo } from '../../apixo/files';
import { onChunk } from '../../apixo/streams';
import type { Task } from '../../apixo/task';
import { type Result, err, finalFailure, ok, withTaskId } from '../../apixo/result';
import { omitUndefined } from '../../shared/values';
import type { MediaFacts } from '../media/look/facts';
import { MediaLook } from '../media/look/mediaLook';
import { isSampleId } from '../model/sample';
import { SAMPLE_MP4 } from '../model/sampleFile';

/** Where the videos of a task go. */
export interface DownloadTarget extends FileRules {
	/** Field of the first video; further ones get `_1`, `_2` … behind it. */
	propertyName: string;
	/** Name of the first file; further ones get `_1`, `_2` … before the extension. */
	fileName?: string;
}

/**
 * The name of the field for a downloaded video. `__proto__` is none, since nothing can be put there.
 *
 * @returns undefined if the value is no such name
 */
export function fieldName(value: unknown): string | undefined {
	const name = typeof value === 'string' ? value.trim() : '';
	return name === '' || name === '__proto__' ? undefined : name;
}

const withSuffix = (name: string, index: number) => (index === 0 ? name : `${name}_${index}`);

/** File systems take 255, and n8n and its nodes add to a name. */
const MAX_FILE_NAME_BYTES = 200;

/** A name that is only a name: no folders, nothing that ends a header or a path. */
function safeName(name: string): string {
	const plain = name.replace(/[\\/\p{Cc}\p{Cs}]+/gu, '_').replace(/^\.+/, '_');
	const characters = [...plain.slice(0, 2 * MAX_FILE_NAME_BYTES)];
	while (Buffer.byteLength(characters.join('')) > MAX_FILE_NAME_BYTES) characters.pop();
	return characters.join('');
}

/** A name may hold other dots: those of a version, a date, a domain. */
const VIDEO_ENDING = /\.(?:mp4|mov|m4v|webm|mkv|avi)$/i;

function fileNameFor({ taskId }: Task, { fileName = '' }: DownloadTarget, index: number): string {
	const [ending = '.mp4'] = VIDEO_ENDING.exec(fileName) ?? [];
	const base = fileName.replace(VIDEO_ENDING, '') || taskId.replace(/[^\w.-]/g, '_');
	return `${withSuffix(safeName(base), index)}${ending}`;
}

/** What the file of a video tells about it, in the names of the output. */
type VideoFacts = Pick<MediaFacts, 'width' | 'height' | 'durationSeconds' | 'sizeBytes'>;

function videoFacts({ facts }: MediaLook): VideoFacts {
	const { width, height, durationSeconds: seconds, sizeBytes } = facts;
	const durationSeconds = seconds === undefined ? undefined : Math.round(seconds * 1_000) / 1_000;
	return omitUndefined({ width, height, durationSeconds, sizeBytes });
}

interface Downloaded<Binary> {
	binary: Binary;
	facts: VideoFacts;
}

/** A sample's file is in the package. */
async function sampleVideo(context: RequestContext, fileName: string) {
	const look = new MediaLook();
	look.push(SAMPLE_MP4);
	look.end();
	const binary = await context.helpers.prepareBinaryData(SAMPLE_MP4, fileName, 'video/mp4');
	return ok({ binary, facts: videoFacts(look) });
}

/** Streams one file into n8n's binary data. Memory stays flat in its filesystem mode. */
async function downloadVideo(
	context: RequestContext,
	url: string,
	fileName: string,
	rules: FileRules,
	signal: AbortSignal,
): Promise<Result<Downloaded<IBinaryData>>> {
	try {
		// One signal for each download: Node warns of a leak from the eleventh listener of one on.
		const file = await openVideo(context, url, rules, AbortSignal.any([signal]));
		if (!file.ok) return file;
		const look = new MediaLook();
		onChunk(file.value, (chunk) => look.push(chunk));
		const binary = await context.helpers.prepareBinaryData(file.value, fileName, 'video/mp4');
		look.end();
		return ok({ binary, facts: videoFacts(look) });
	} catch (error) {
		return brokenFile(error, signal.aborted);
	}
}

/**
 * Downloads all videos of a finished task. A failure keeps the task ID and says where the video is.
 *
 * @returns the files by their fields, and what the first of them tells
 */
export async function downloadVideos(
	context: RequestContext,
	task: Task,
	target: DownloadTarget,
	signal: AbortSignal,
): Promise<Result<Downloaded<IBinaryKeyData>>> {
	const { taskId, state, videoUrls } = task;
	const binary: IBinaryKeyData = {};
	let facts: VideoFacts = {};
	for (const [index, url] of videoUrls.entries()) {
		const fileName = fileNameFor(task, target, index);
		const file = isSampleId(taskId)
			? await sampleVideo(context, fileName)
			: await downloadVideo(context, url, fileName, target, signal);
		if (!file.ok) {
			const { failure } = file;
			if (failure.kind === 'stopped') return err(withTaskId(taskId, failure));
			return err(
				finalFailure(
					`The video of task ${taskId} is finished, but could not be downloaded: ${failure.message}`,
					`The video is paid for and stays at ${url}. Download it again with the Get operation and this task ID, or retry this execution in the Executions tab: that does not pay again.`,
					{ taskId, state, ...failure.details },
				),
			);
		}
		binary[withSuffix(target.propertyName, index)] = file.value.binary;
		if (index === 0) ({ facts } = file.value);
	}
	return ok({ binary, facts });
}
