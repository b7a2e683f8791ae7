import { randomUUID } from 'node:crypto';
import { chain, code, tell, wanVideo, webhookStart } from '../../support/n8n/workflows.mts';
import type { Scene } from '../../support/n8n/scene.mts';
import { PHASES } from './phases.mts';

const ITEMS = 'return $input.first().json.body.prompts.map((prompt) => ({ json: { prompt } }));';

/** A workflow of the campaign. */
export interface Stand {
	phase: string;
	workflowId: string;
	/** of its webhook */
	url: string;
	/** who is told which items went on */
	witness: string;
}

/**
 * The workflows of the campaign, published once: each phase with and without n8n's "Save execution
 * progress", which decides where the Retry of a killed execution begins.
 */
export async function publishStands({
	client,
	n8n,
	credentials,
	witnessUrl,
}: Scene): Promise<Stand[]> {
	const stands: Stand[] = [];
	for (const [phase, { parameters, after = () => [] }] of Object.entries(PHASES)) {
		for (const saveExecutionProgress of [false, true]) {
			const path = randomUUID();
			const steps = [
				webhookStart(path),
				code('Items', ITEMS),
				wanVideo(parameters, { credentials }),
				...after(),
				tell('Good', witnessUrl(path)),
			];
			const workflow = { ...chain(phase, steps), settings: { saveExecutionProgress } };
			const { id } = await client.createWorkflow(workflow);
			await client.activate(id);
			stands.push({ phase, workflowId: id, url: `${n8n.url}/webhook/${path}`, witness: path });
		}
	}
	return stands;
}
