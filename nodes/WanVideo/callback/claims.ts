import { type Failure, type Outcome, failed, success } from '../wan/failure';
import { isShallow, isUnset } from '../wan/values';
import { SIGNATURE_PARAMETER, sign } from './signature';
import { LONGEST_URL, callbackUrlFault, withParameter } from './urls';

/** Tasks take minutes and APIXO delivers a callback within minutes; seconds. */
const VALID_SECONDS = 24 * 60 * 60;

interface CallbackRequest {
	/** The trigger's URL, or any other that is to be called. */
	url: unknown;
	/** JSON that the trigger gives back, as text or as it is. */
	context?: unknown;
	/** Set if the trigger is to wake the execution that waits there. */
	resumeUrl?: string;
}

const fault = (message: string, hint: string): Outcome<never> =>
	failed({ message, hint, details: {} } satisfies Failure);

function parseContext(context: unknown): { value?: unknown } | undefined {
	if (isUnset(context)) return {};
	try {
		const value: unknown = typeof context === 'string' ? JSON.parse(context) : context;
		return isShallow(value) ? { value } : undefined;
	} catch {
		return undefined;
	}
}

/**
 * The callback URL that is handed to APIXO, with context, resume URL and expiry signed into it.
 * @param allowLoopback true when the service itself runs on this machine
 * @param nowMs Unix milliseconds
 */
export function signedCallbackUrl(
	{ url, context, resumeUrl }: CallbackRequest,
	apiKey: string,
	allowLoopback: boolean,
	nowMs: number,
): Outcome<string> {
	const urlFault = callbackUrlFault(url, allowLoopback);
	if (urlFault !== undefined) {
		return fault(
			`Callback URL ${urlFault}`,
			'Enter the Production URL of a Wan Video Trigger. If it does not start with your public https:// address, set WEBHOOK_URL of your n8n.',
		);
	}
	const resumeFault =
		resumeUrl === undefined ? undefined : callbackUrlFault(resumeUrl, allowLoopback);
	if (resumeFault !== undefined) {
		return fault(
			`The resume URL of this execution ${resumeFault}`,
			'Set WEBHOOK_URL of your n8n to its public https:// address, or switch Resume Execution off.',
		);
	}
	const parsed = parseContext(context);
	if (parsed === undefined) {
		return fault('Context is not valid JSON', 'Enter JSON such as {"row": 7}, or an expression.');
	}
	const expires = Math.floor(nowMs / 1000) + VALID_SECONDS;
	const token = sign(apiKey, { expires, context: parsed.value, resumeUrl });
	const signed = withParameter(url as string, SIGNATURE_PARAMETER, token);
	if (signed.length > LONGEST_URL) {
		return fault(
			`Context is too large: the callback URL would have ${signed.length} characters, more than the ${LONGEST_URL} that servers accept`,
			'Put an ID into Context, such as a row number, and look the rest up after the trigger.',
		);
	}
	return success(signed);
}
