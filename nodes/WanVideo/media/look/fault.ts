import { type FileKind, formatsOf } from '../fileTypes';
import { type MediaFacts, formatRow } from './facts';

/** What the model takes, by the service's page on it. */
const LIMITS: Record<FileKind, { megabytes: number; seconds?: { min: number; max: number } }> = {
	image: { megabytes: 20 },
	video: { megabytes: 100, seconds: { min: 1, max: 30 } },
	audio: { megabytes: 15, seconds: { min: 3, max: 30 } },
};

/** Width and height of images, in pixels. */
const PIXELS = { min: 240, max: 8000 };

/** The service may count in either; what is too large is so in both. */
const BYTES_PER_MEGABYTE = 1024 * 1024;

/** Encoders fill up to whole frames, and add silence to an MP3 at both ends. */
const TOLERANCE_SECONDS = 0.2;

const within = (value: number, { min, max }: { min: number; max: number }, tolerance = 0) =>
	value >= min - tolerance && value <= max + tolerance;

const rounded = (value: number, digits: number) => String(Number(value.toFixed(digits)));

const pixelFault = ({ kind, width, height }: MediaFacts) => {
	if (kind !== 'image' || width === undefined || height === undefined) return undefined;
	if (within(width, PIXELS) && within(height, PIXELS)) return undefined;
	return `is ${width} × ${height} pixels, but must be ${PIXELS.min} to ${PIXELS.max} wide and high`;
};

function lengthFault(kind: FileKind, { durationSeconds: seconds }: MediaFacts) {
	const { seconds: limits } = LIMITS[kind];
	if (limits === undefined || seconds === undefined) return undefined;
	if (within(seconds, limits, TOLERANCE_SECONDS)) return undefined;
	return `lasts ${rounded(seconds, 1)} seconds, but must last ${limits.min} to ${limits.max}`;
}

function sizeFault(kind: FileKind, { sizeBytes }: MediaFacts) {
	const { megabytes } = LIMITS[kind];
	if (sizeBytes === undefined || sizeBytes <= megabytes * BYTES_PER_MEGABYTE) return undefined;
	return `has ${rounded(sizeBytes / 1e6, 1)} MB, but may have ${megabytes} at most`;
}

function formatFault({ format, sizeBytes }: MediaFacts, accepted: FileKind[]): string | undefined {
	if (sizeBytes === 0) return 'is an empty file';
	const { what, kind, isTaken } =
		format === undefined ? { what: 'of no type that is known' } : formatRow(format);
	if (isTaken && kind !== undefined && accepted.includes(kind)) return undefined;
	return `must be ${formatsOf(accepted)}, but is ${what}`;
}

/**
 * What the model would not take about a file, as the rest of a sentence that starts with the name of
 * its field; undefined if nothing is known against it.
 *
 * @param accepted the kinds of files that the field takes
 */
export function mediaFault(facts: MediaFacts, accepted: FileKind[]): string | undefined {
	const fault = formatFault(facts, accepted);
	const { kind } = facts;
	if (fault !== undefined || kind === undefined) return fault;
	const faults = [
		facts.hasPicture === false ? 'holds sound, but no picture' : undefined,
		facts.hasTransparency === true
			? 'has transparency (an alpha channel), which the model does not take: save it without, or as a JPEG'
			: undefined,
		pixelFault(facts),
		lengthFault(kind, facts),
		sizeFault(kind, facts),
	].filter((one) => one !== undefined);
	return faults.length === 0 ? undefined : faults.join(', and ');
}
