import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { listen } from '../../support/n8n/trigger.mts';
import { required } from '../../support/required.mts';
import type { Scene } from '../../support/n8n/scene.mts';

/** Seconds. */
export const HOUR = 3_600;

/** @returns Unix seconds */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** What APIXO posts when a task is finished. */
export const claim = (taskId: string) => ({
	code: 200,
	message: 'success',
	data: { taskId, state: 'success' },
});

/** A trigger, its URL with a token that is made here, and a task of APIXO's that is finished. */
export async function target(scene: Scene) {
	const trigger = await listen(scene);
	const taskId = 'task_finished';
	scene.apixo.addTask({ taskId, state: 'success', key: DEFAULT_KEY });
	const withToken = (token: string) => `${trigger.url}?${new URLSearchParams({ apixo: token })}`;
	return {
		trigger,
		taskId,
		withToken,
		genuine: () => scene.sign(DEFAULT_KEY, { expires: inSeconds(HOUR), context: { row: 7 } }),
		post: async (url: string, body: object = claim(taskId)) =>
			await scene.client.postWebhook(url, body),
	};
}

/** Parks two items. */
export async function parkTwo(scene: Scene) {
	const run = await scene.park({ count: 2 });
	await run.parked();
	const parkedTask = (prompt: string) => {
		const { taskId, callbackUrl } = scene.taskOf(prompt);
		return { taskId, callbackUrl: required(callbackUrl, `callback URL of ${prompt}`) };
	};
	return { run, first: parkedTask('prompt 1'), second: parkedTask('prompt 2') };
}

/** A trigger that tells how many executions it started. */
interface Countable {
	count: () => Promise<number>;
}

/** Nothing was started, and APIXO was not even asked. */
export async function expectNothing({ apixo }: Scene, trigger: Countable) {
	expect(await trigger.count()).toBe(0);
	expect(apixo.requests({ kind: 'status' })).toEqual([]);
}

const encoded = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');
const flipped = (text: string, index: number) =>
	text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);

type Tamper = (token: string) => string;

export const TAMPERED: Array<[name: string, tamper: Tamper]> = [
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

function swapClaims(change: object): Tamper {
	return (token) => {
		const [version, payload, mac] = token.split('.');
		const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
		return [version, encoded({ ...claims, ...change }), mac].join('.');
	};
}
