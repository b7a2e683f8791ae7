import { openStageIn } from '../../../tools/editor/stage.mts';
import type { INodeCredentialsDetails } from 'n8n-workflow';
import type { Stage } from '../../../tools/editor/stage.mts';
import type { World } from '../../../tools/editor/world.mts';

export interface SharedStage extends Stage {
	/** for its emulator */
	credential: INodeCredentialsDetails;
}

/** What Jest's global setup started. */
export function sharedWorld(): World {
	const json = process.env.BROWSER_WORLD;
	if (json === undefined) throw new Error('The global setup has not run');
	return JSON.parse(json);
}

export async function openStage(): Promise<SharedStage> {
	const stage = await openStageIn(sharedWorld());
	return { ...stage, credential: await stage.createCredential() };
}
