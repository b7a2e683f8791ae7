import { openStageIn } from '../../../tools/editor/stage.mts';
import type { Stage } from '../../../tools/editor/stage.mts';
import type { World } from '../../../tools/editor/world.mts';

/** @returns that of Jest's global setup */
export const sharedWorld = (): World => JSON.parse(process.env.BROWSER_WORLD);

export async function openStage(): Promise<Stage & { credential: { id: string; name: string } }> {
	const stage = await openStageIn(sharedWorld());
	return { ...stage, credential: await stage.createCredential() };
}
