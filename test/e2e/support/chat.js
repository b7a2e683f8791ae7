const { startChatModel } = require('./chat-model');
const { importExample, nodeOf } = require('./examples');
const { runOf } = require('./run');

const WISH = 'Make a 4 second video of a paper boat.';
const ESTIMATE = { tool: 'Estimate_Cost', arguments: { Resolution: '720p', Duration: 4 } };
const GENERATE = {
	tool: 'Generate_a_Video',
	arguments: { Prompt: 'A paper boat in the rain', Resolution: '1080p', Duration: 4 },
};

/**
 * Says something in the chat of example 7, to a model that makes the planned calls.
 *
 * @param {Awaited<ReturnType<typeof import('./scene').openScene>>} scene
 * @param {Array<{ tool: string, arguments: object }>} plan
 * @param {(parameters: any) => void} [change] parameters of Generate a Video
 */
async function chat(scene, plan, change = () => {}) {
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

module.exports = { ESTIMATE, GENERATE, chat };
