import { DEFAULT_KEY } from '../../../emulator/index.mts';
import { HOUR, TAMPERED, expectNothing, inSeconds, target } from '../support/forging.mts';
import { submitTo } from '../../support/n8n/trigger.mts';
import type { WithScene } from '../../support/n8n/scene.mts';

const REQUESTS = 300;
const AT_ONCE = 20;

export const testFlood = (withScene: WithScene) => {
	// Alone, after those that run at the same time: it keeps n8n busy.
	it(
		'The trigger bears 300 forged requests: none starts anything or asks APIXO, and the real one comes through',
		withScene(async (scene) => {
			const { trigger, post, genuine, withToken } = await target(scene);
			const forged: Array<(n: number) => string> = [
				() => trigger.url,
				(n) => withToken(scene.sign(`guess ${n}`, { expires: inSeconds(HOUR) })),
				(n) => withToken(TAMPERED[n % TAMPERED.length][1](genuine())),
				() => withToken(scene.sign(DEFAULT_KEY, { expires: inSeconds(-HOUR) })),
			];
			const statuses = new Map<number, number>();
			let next = 0;
			const sender = async () => {
				while (next < REQUESTS) {
					const number = next++;
					const { status } = await post(forged[number % forged.length](number));
					statuses.set(status, (statuses.get(status) ?? 0) + 1);
				}
			};
			await Promise.all(Array.from({ length: AT_ONCE }, sender));
			expect([...statuses]).toEqual([[403, REQUESTS]]);
			await expectNothing(scene, trigger);

			await (await submitTo(scene, trigger.url)).final();
			scene.apixo.finish(scene.apixo.ledger()[0].taskId);
			await trigger.runs(1);
			expect(await trigger.count()).toBe(1);
		}),
	);
};
