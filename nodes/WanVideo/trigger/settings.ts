import type { IWebhookFunctions } from 'n8n-workflow';
import { booleanValue, isRecord, numberValue } from '../../shared/values';
import { fieldNameOf } from '../descriptions/download';
import { NUMBER_OPTIONS } from '../descriptions/options';
import { fieldName } from '../run/download';

export interface TriggerSettings {
	events: string[];
	/** The field that videos are downloaded into; undefined if none is wanted. */
	field?: string;
	requireSignature: boolean;
	verify: boolean;
	deduplicate: boolean;
	resumeWaiting: boolean;
	simplify: boolean;
	maxFileBytes: number;
}

const EVENTS = ['success', 'failed'];

/** The outcomes that start the workflow: a list, also as text with commas. */
function eventsIn(value: unknown): string[] {
	const names = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
	const known = EVENTS.filter((event) => Array.isArray(names) && names.includes(event));
	return known.length > 0 ? known : EVENTS;
}

/**
 * The trigger's panel. What cannot be read counts as not set: the video is paid for, and a callback
 * that is refused is lost for good. All defaults are the cautious choice.
 */
export function readSettings(context: IWebhookFunctions): TriggerSettings {
	const given = context.getNodeParameter('options', {}) as unknown;
	const options = isRecord(given) ? given : {};
	const isOn = (name: string) => booleanValue(options[name]) ?? true;
	const { maxFileSize } = NUMBER_OPTIONS;
	const megabytes = numberValue(options.maxFileSize);
	const isDownloading = booleanValue(context.getNodeParameter('download', false)) === true;
	const field =
		fieldName(context.getNodeParameter(fieldNameOf(context.getNode()), 'data')) ?? 'data';
	return {
		events: eventsIn(context.getNodeParameter('events', EVENTS)),
		field: isDownloading ? field : undefined,
		requireSignature: isOn('requireSignature'),
		verify: isOn('verify'),
		deduplicate: isOn('deduplicate'),
		resumeWaiting: isOn('resumeWaiting'),
		simplify: isOn('simplify'),
		maxFileBytes:
			(megabytes >= maxFileSize.min ? megabytes : maxFileSize.default) * maxFileSize.factor,
	};
}
