import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { listen } from '../../support/n8n/trigger.mts';

/** Seconds. */
export const HOUR = 3_600;

export const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;
export const claim = (taskId) => ({
	code: 200,
	message: 'success',
	data: { taskId, state: 'success' },
});

/** A trigger, its URL with a token that is made here, and a task of APIXO's that is finished. */
export async function target(scene) {
	const trigger = await listen(scene);
	const taskId = 'task_finished';
	scene.apixo.addTask({ taskId, state: 'success', key: DEFAULT_KEY });
	const withToken = (token) => `${trigger.url}?${new URLSearchParams({ apixo: token })}`;
	return {
		trigger,
		taskId,
		withToken,
		genuine: () => scene.sign(DEFAULT_KEY, { expires: inSeconds(HOUR), context: { row: 7 } }),
		post: async (url, body = claim(taskId)) => await scene.client.postWebhook(url, body),
	};
}

/** Nothing was started, and APIXO was not even asked. */
export async function expectNothing({ apixo }, trigger) {
	expect(await trigger.count()).toBe(0);
	expect(apixo.requests({ kind: 'status' })).toEqual([]);
}

const encoded = (claims) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const flipped = (text, index) =>
	text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);

export const TAMPERED: Array<[string, (token: string) => string]> = [
	['another context', swapClaims({ context: { row: 8 } })],
	['a later expiry', swapClaims({ expires: inSeconds(99 * HOUR) })],
	['a resume URL', swapClaims({ resumeUrl: 'https://evil.example/' })],
	['another version', (token) => token.replace(/^v1/, 'v2')],
	['no version', (token) => token.replace(/^v1\./, '')],
	['its signature cut off', (token) => token.slice(0, token.lastIndexOf('.'))],
	['an empty signature', (token) => token.slice(0, token.lastIndexOf('.') + 1)],
	['a shorter signature', (token) => token.slice(0, -1)],
	['one letter of its signature changed', (token) => flipped(token, token.lastIndexOf('.') + 5)],
	['one letter of its claims changed', (token) => flipped(token, 10)],
	['something added', (token) => `${token}.AAAA`],
	['a padded signature', (token) => `${token}=`],
	['nothing but dots', () => '..'],
	['a very long signature', (token) => token + 'A'.repeat(7_000)],
];

function swapClaims(change) {
	return (token) => {
		const [version, payload, mac] = token.split('.');
		const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
		return [version, encoded({ ...claims, ...change }), mac].join('.');
	};
}
