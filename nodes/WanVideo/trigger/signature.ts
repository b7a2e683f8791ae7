import { createHmac, timingSafeEqual } from 'crypto';

/**
 * What travels inside a callback URL, signed with a key derived from the API key, because APIXO's
 * own callbacks carry no signature: nobody without the key can make or change one.
 *
 * Format: `v1.<claims as base64url JSON>.<HMAC-SHA-256 over "v1.<claims>" as base64url>`
 */
export interface Claims {
	/** Unix seconds after which the URL is no longer accepted. */
	expires: number;
	/** Given back by the trigger. */
	context?: unknown;
	/** Resume URL of the execution that submitted the task. */
	resumeUrl?: string;
}

/** Query parameter that carries the signed claims. */
export const SIGNATURE_PARAMETER = 'apixo';

const VERSION = 'v1';
const MAX_TOKEN_CHARACTERS = 8192;
const KEY_PURPOSE = 'n8n-nodes-apixo callback url v1';

const macOf = (apiKey: string, signed: string): Buffer => {
	const key = createHmac('sha256', apiKey).update(KEY_PURPOSE).digest();
	return createHmac('sha256', key).update(signed).digest();
};

export function sign(apiKey: string, claims: Claims): string {
	const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
	const signed = `${VERSION}.${payload}`;
	return `${signed}.${macOf(apiKey, signed).toString('base64url')}`;
}

/** @returns the claims, or why they are not to be trusted */
export function verify(
	apiKey: string,
	token: unknown,
	nowMs: number,
): { claims: Claims } | { fault: 'unsigned' | 'forged' | 'expired' } {
	if (typeof token !== 'string' || token === '') return { fault: 'unsigned' };
	if (token.length > MAX_TOKEN_CHARACTERS) return { fault: 'forged' };
	const [version, payload, mac, ...rest] = token.split('.');
	if (version !== VERSION || !payload || !mac || rest.length > 0) return { fault: 'forged' };
	const expected = macOf(apiKey, `${version}.${payload}`);
	const given = Buffer.from(mac, 'base64url');
	// One signature has one spelling: base64url may carry unused bits.
	const isGenuine =
		given.length === expected.length &&
		timingSafeEqual(given, expected) &&
		mac === expected.toString('base64url');
	if (!isGenuine) return { fault: 'forged' };
	const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
	return claims.expires * 1000 >= nowMs ? { claims } : { fault: 'expired' };
}
