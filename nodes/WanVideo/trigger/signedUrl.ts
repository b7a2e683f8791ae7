import { type Result, err, finalFailure, ok } from '../../apixo/result';
import { isShallow, isUnset, parseJson } from '../../shared/values';
import { MAX_URL_CHARACTERS, callbackUrlFault, withParameter } from '../webhook/callbackUrl';
import { SIGNATURE_PARAMETER, sign } from './signature';

/** Tasks take minutes and APIXO delivers a callback within minutes; seconds. */
const VALID_SECONDS = 24 * 60 * 60;

interface CallbackRequest {
	/** The trigger's URL, or any other that is to be called. */
	url: unknown;
	/** JSON that the trigger gives back, as text or as it is. */
	context?: unknown;
	/** Set if the trigger is to resume the execution that waits there. */
	resumeUrl?: string;
}

const refuse = (message: string, hint: string): Result<never> => err(finalFailure(message, hint));

/** @returns undefined if it is no JSON that could be given back */
function readContext(context: unknown): { value?: unknown } | undefined {
	if (isUnset(context)) return {};
	const value = typeof context === 'string' ? parseJson(context) : context;
	return value !== undefined && isShallow(value) ? { value } : undefined;
}

/**
 * The callback URL that is handed to APIXO, with context, resume URL and expiry signed into it.
 *
 * @param allowLoopback true when the service itself runs on this machine
 * @param nowMs Unix milliseconds
 */
export function signedCallbackUrl(
	{ url, context, resumeUrl }: CallbackRequest,
	apiKey: string,
	allowLoopback: boolean,
	nowMs: number,
): Result<string> {
	const urlFault = callbackUrlFault(url, allowLoopback);
	if (urlFault !== undefined) {
		return refuse(
			`Callback URL ${urlFault}`,
			'Enter the Production URL of a Wan Video Trigger. If it does not start with your public https:// address, set WEBHOOK_URL of your n8n.',
		);
	}
	const resumeFault =
		resumeUrl === undefined ? undefined : callbackUrlFault(resumeUrl, allowLoopback);
	if (resumeFault !== undefined) {
		return refuse(
			`The resume URL of this execution ${resumeFault}`,
			'Set WEBHOOK_URL of your n8n to its public https:// address, or switch Resume Execution off.',
		);
	}
	const parsed = readContext(context);
	if (parsed === undefined) {
		return refuse('Context is not valid JSON', 'Enter JSON such as {"row": 7}, or an expression.');
	}
	const expires = Math.floor(nowMs / 1000) + VALID_SECONDS;
	const token = sign(apiKey, { expires, context: parsed.value, resumeUrl });
	const signed = withParameter(String(url), SIGNATURE_PARAMETER, token);
	if (signed.length > MAX_URL_CHARACTERS) {
		return refuse(
			`Context is too large: the callback URL would have ${signed.length} characters, more than the ${MAX_URL_CHARACTERS} that servers accept`,
			'Put an ID into Context, such as a row number, and look the rest up after the trigger.',
		);
	}
	return ok(signed);
}
