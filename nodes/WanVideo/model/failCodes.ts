/**
 * What a user is told about a failed task. Codes depend on the route and come in several
 * spellings, so they are matched by meaning; unknown ones get a sensible default.
 *
 * Source: https://apixo.ai/docs/api-reference/errors and the model's own page
 */

interface Meaning {
	codes: string[];
	advice: string;
}

const MEANINGS: Meaning[] = [
	{
		codes: ['PromptInvalid', 'INVALID_PROMPT', 'PromptLengthExceeded', 'PROMPT_TOO_LONG'],
		advice: 'Rewrite or shorten the Prompt, then run the item again.',
	},
	{
		codes: ['MissingParameter', 'BadRequest'],
		advice: 'Check the fields that this Mode requires.',
	},
	{
		codes: [
			'SensitiveContent',
			'SensitiveContentDetected',
			'InputImageSensitiveContentDetected',
			'InputOutputSensitiveContentDetected',
			'NSFW',
			'NSFW_DETECTED',
			'ProhibitedContentDetected',
			'CONTENT_VIOLATION',
		],
		advice: 'A safety check refused the content. Change the Prompt or the media.',
	},
	{
		codes: ['INVALID_IMAGE_URL', 'IMAGE_DOWNLOAD_FAILED', 'IMAGE_TOO_LARGE', 'UNSUPPORTED_FORMAT'],
		advice:
			'Use a public URL that opens without login, in an accepted format and size (images: JPEG, PNG without transparency, BMP or WEBP, 240 to 8000 pixels, up to 20 MB).',
	},
	{
		codes: ['RateLimitExceeded'],
		advice: 'A limit was reached. Try again later, or lower Max Parallel Tasks in Options.',
	},
	{
		codes: ['Task TimeOut', 'Timeout', 'PROCESSING_TIMEOUT'],
		advice: 'The model took too long. Run the item again; a shorter Duration is quicker.',
	},
	{
		codes: ['INSUFFICIENT_CREDITS'],
		advice: 'Add balance to your APIXO account, then run the item again.',
	},
	{
		codes: ['MODEL_UNAVAILABLE', 'GENERATION_FAILED'],
		advice: 'The model had trouble. Run the item again later.',
	},
];

const DEFAULT_ADVICE =
	'Run the item again. If it keeps failing, change the Prompt or the media, or ask APIXO support with the task ID.';

/** Spelling, case, spaces and underscores do not matter. */
const normalize = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '');

const ADVICE_BY_CODE = new Map(
	MEANINGS.flatMap(({ codes, advice }) => codes.map((code) => [normalize(code), advice] as const)),
);

/** Advice for a `failCode`, known or not. */
export const adviceFor = (failCode: string | undefined): string =>
	ADVICE_BY_CODE.get(normalize(failCode ?? '')) ?? DEFAULT_ADVICE;
