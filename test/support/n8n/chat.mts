import { required } from '../required.mts';
import { startChatModel } from './chat-model.mts';
import { importExample, nodeOf } from './examples.mts';
import { jsonOf, runOf } from './run.mts';
import type { INodeParameters } from 'n8n-workflow';
import type { Execution } from '../../../tools/n8n/driver/index.mts';
import type { ChatModel, PlannedCall } from './chat-model.mts';
import type { Scene } from './scene.mts';

const REQUEST = 'Make a 4 second video of a paper boat.';
export const ESTIMATE = { tool: 'Estimate_Cost', arguments: { Resolution: '720p', Duration: 4 } };
export const GENERATE = {
	tool: 'Generate_a_Video',
	arguments: { Prompt: 'A paper boat in the rain', Resolution: '1080p', Duration: 4 },
};

/** A chat that is over. */
export interface Chat {
	execution: Execution;
	/** closed, but still tells what it was asked */
	model: ChatModel;
	agentSaid: string;
}

/**
 * Says something in the chat of example 7, to a model that makes the planned calls.
 *
 * @param change parameters of Generate a Video
 */
export async function chat(
	scene: Pick<Scene, 'client' | 'credentials'>,
	plan: PlannedCall[],
	change: (parameters: INodeParameters) => void = () => {},
): Promise<Chat> {
	const { client } = scene;
	const model = await startChatModel(plan);
	try {
		const data = { apiKey: 'none', url: model.baseUrl };
		const { id, name } = await client.createCredential({ name: 'Model', type: 'openAiApi', data });
		const example = await importExample(scene, '7', (workflow) => {
			nodeOf(workflow, 'Chat Model').credentials = { openAiApi: { id, name } };
			change(nodeOf(workflow, 'Generate a Video').parameters);
		});
		const json = { sessionId: 'one', action: 'sendMessage', chatInput: REQUEST };
		const said = { startTime: 0, executionTime: 0, executionIndex: 0, source: [] };
		const { executionId } = await client.post<{ executionId: string }>(
			`/workflows/${example.id}/run`,
			{ triggerToStartFrom: { name: 'Chat', data: { ...said, data: { main: [[{ json }]] } } } },
		);
		const execution = await runOf(client, example.id, executionId).final();
		const [answer] = jsonOf(execution, 'AI Agent');
		return { execution, model, agentSaid: String(required(answer, 'answer of the agent').output) };
	} finally {
		await model.close();
	}
}
