import { startChatModel } from './chat-model.mts';
import { importExample, nodeOf } from './examples.mts';
import { runOf } from './run.mts';
import type { openScene } from './scene.mts';

const WISH = 'Make a 4 second video of a paper boat.';
export const ESTIMATE = { tool: 'Estimate_Cost', arguments: { Resolution: '720p', Duration: 4 } };
export const GENERATE = {
	tool: 'Generate_a_Video',
	arguments: { Prompt: 'A paper boat in the rain', Resolution: '1080p', Duration: 4 },
};

/**
 * Says something in the chat of example 7, to a model that makes the planned calls.
 *
 * @param change parameters of Generate a Video
 */
export async function chat(
	scene: Awaited<ReturnType<typeof openScene>>,
	plan: Array<{ tool: string; arguments: object }>,
	change: (parameters: unknown) => void = () => {},
) {
	const { client } = scene;
	const model = await startChatModel(plan);
	try {
		const data = { apiKey: 'none', url: model.baseUrl };
		const { id, name } = await client.createCredential({ name: 'Model', type: 'openAiApi', data });
		const example = await importExample(scene, '7', (workflow) => {
			nodeOf(workflow, 'Chat Model').credentials = { openAiApi: { id, name } };
			change(nodeOf(workflow, 'Generate a Video').parameters);
		});
		const json = { sessionId: 'one', action: 'sendMessage', chatInput: WISH };
		const said = { startTime: 0, executionTime: 0, executionIndex: 0, source: [] };
		const { executionId } = await client.post(`/workflows/${example.id}/run`, {
			triggerToStartFrom: { name: 'Chat', data: { ...said, data: { main: [[{ json }]] } } },
		});
		const execution = await runOf(client, example.id, executionId).final();
		const agent = execution.data.resultData.runData['AI Agent'].at(-1);
		return { execution, model, agentSaid: agent.data?.main[0][0].json.output };
	} finally {
		await model.close();
	}
}
