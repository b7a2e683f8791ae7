import { required } from '../required.mts';
import { startChatModel } from './chat-model.mts';
import { importExample, nodeOf } from './examples.mts';
import { jsonOf } from './run.mts';
import type { INodeParameters } from 'n8n-workflow';
import type { Execution } from '../../../tools/n8n/driver/index.mts';
import type { ChatModel, PlannedCall } from './chat-model.mts';
import type { Run } from './run.mts';
import type { Scene } from './scene.mts';
import type { NewWorkflow } from './workflows.mts';

const REQUEST = 'Make a 4 second video of a paper boat.';
export const ESTIMATE = { tool: 'Estimate_Cost', arguments: { Resolution: '720p', Duration: 4 } };
export const GENERATE = {
	tool: 'Generate_a_Video',
	arguments: { Prompt: 'A paper boat in the rain', Resolution: '1080p', Duration: 4 },
};

/** A chat that is going on. */
export interface OpenChat {
	run: Run;
	model: ChatModel;
}

/** A chat that is over. */
export interface Chat {
	execution: Execution;
	/** closed, but still tells what it was asked */
	model: ChatModel;
	agentSaid: string;
}

type ChatScene = Pick<Scene, 'client' | 'credentials'>;
type Change = (workflow: NewWorkflow) => void;

/**
 * Says something in the chat of example 7, to a model that makes the planned calls.
 *
 * @param work with the chat; the model is there until it ends
 */
export async function inChat<Result>(
	scene: ChatScene,
	plan: PlannedCall[],
	change: Change,
	work: (chat: OpenChat) => Promise<Result>,
): Promise<Result> {
	const { client } = scene;
	const model = await startChatModel(plan);
	try {
		const data = { apiKey: 'none', url: model.baseUrl };
		const { id, name } = await client.createCredential({ name: 'Model', type: 'openAiApi', data });
		const example = await importExample(scene, '7', (workflow) => {
			nodeOf(workflow, 'Chat Model').credentials = { openAiApi: { id, name } };
			change(workflow);
		});
		const said = { sessionId: 'one', action: 'sendMessage', chatInput: REQUEST };
		return await work({ run: await example.run('Chat', said), model });
	} finally {
		await model.close();
	}
}

/** As its note says for an older n8n: nobody has to agree. */
function withoutApproval(workflow: NewWorkflow) {
	const { connections } = workflow;
	workflow.nodes = workflow.nodes.filter(({ name }) => !['Ask First', 'Answer'].includes(name));
	delete connections['AI Agent'];
	connections['Generate a Video'] = connections['Ask First'];
	delete connections['Ask First'];
	nodeOf(workflow, 'Chat').parameters = { options: {} };
}

/**
 * A chat from its first word to its last, in which nobody has to agree.
 *
 * @param change parameters of Generate a Video
 */
export async function chat(
	scene: ChatScene,
	plan: PlannedCall[],
	change: (parameters: INodeParameters) => void = () => {},
): Promise<Chat> {
	const prepare = (workflow: NewWorkflow) => {
		withoutApproval(workflow);
		change(nodeOf(workflow, 'Generate a Video').parameters);
	};
	return await inChat(scene, plan, prepare, async ({ run, model }) => {
		const execution = await run.final();
		const [answer] = jsonOf(execution, 'AI Agent');
		return { execution, model, agentSaid: String(required(answer, 'answer of the agent').output) };
	});
}
