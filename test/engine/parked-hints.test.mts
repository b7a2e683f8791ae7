/** What the node says while its execution is parked, and where it cannot be. */

import type { INodeParameters, INodeType } from 'n8n-workflow';
import type { RunResult } from '../support/engine/index.mts';
import { loadPackage } from '../support/engine/package-types.mts';
import { required } from '../support/required.mts';
import { PARKING_WAYS, parkedScene, three } from './parked-scene.mts';

/** Without the sum of what the run came to, which stands last. */
const hintsOf = (result: RunResult) =>
	result
		.hints('Tested')
		.map(({ message }) => message)
		.filter((message) => !message.startsWith('Submitted '));

describe.each(PARKING_WAYS)('an execution that is parked by %s', (way) => {
	test.concurrent(
		'has no hints as a rule',
		parkedScene(async ({ start }) => {
			expect(hintsOf(await start(way, three).parked)).toEqual([]);
		}),
	);

	test.concurrent(
		'tells at the end what it came to before it was parked',
		parkedScene(async ({ start, outcomeOf }) => {
			const result = await outcomeOf(start(way, three));
			expect(result.hints('Tested').map(({ message }) => message)).toEqual([
				'Submitted 3 videos: 15 seconds, about $1.50',
			]);
		}),
	);

	test.concurrent(
		'says which mode of Execute Sub-workflow works when another workflow called it, at the end too',
		parkedScene(async ({ n8n, plan, outcomeOf }) => {
			const execution = n8n.start({ ...plan({ waitFor: way }), mode: 'integrated' });
			const said = [expect.stringMatching(/set its Mode to Run Once With All Items/)];
			expect(hintsOf(await execution.parked)).toEqual(said);
			expect(hintsOf(await outcomeOf(execution))).toEqual(said);
		}),
	);

	const NO_VIDEO = expect.stringMatching(/gets no video/);
	const WEBHOOK = 'n8n-nodes-base.webhook';
	const CHAT = '@n8n/n8n-nodes-langchain.chatTrigger';

	test.concurrent.each<[type: string, parameters: INodeParameters, said: unknown[]]>([
		[WEBHOOK, { responseMode: 'lastNode' }, [NO_VIDEO]],
		[WEBHOOK, { responseMode: 'onReceived' }, []],
		[CHAT, {}, [NO_VIDEO]],
		[CHAT, { options: { responseMode: 'lastNode' } }, [NO_VIDEO]],
		[CHAT, { options: { responseMode: 'responseNodes' } }, []],
		[CHAT, { availableInChat: true }, []],
	])(
		'says so if its trigger answers with the last node: %s %j',
		parkedScene(async ({ n8n, plan }, type, parameters, said) => {
			const { workflow, ...planned } = plan({ waitFor: way });
			const { nodes, credentials } = loadPackage();
			const [source] = workflow.nodes;
			workflow.nodes.push({
				...source,
				id: 'id-Webhook',
				name: 'Webhook',
				type,
				parameters,
			});
			workflow.connections.Webhook = { main: [[{ node: 'Source', type: 'main', index: 0 }]] };
			const webhook: INodeType = {
				description: {
					...required(nodes['n8n-nodes-apixo.wanVideoTrigger'], 'trigger').description,
					properties: [
						{ displayName: 'Respond', name: 'responseMode', type: 'string', default: 'onReceived' },
						{ displayName: 'Hub', name: 'availableInChat', type: 'boolean', default: false },
						{ displayName: 'Options', name: 'options', type: 'json', default: {} },
					],
				},
			};
			const types = { nodeTypes: { ...nodes, [type]: webhook }, credentialTypes: credentials };
			const execution = n8n.start({ ...planned, ...types, workflow, mode: 'trigger' });
			expect(hintsOf(await execution.parked)).toEqual(said);
		}),
	);
});

describe('an n8n that cannot park as the node needs it', () => {
	const WAN = 'n8n-nodes-apixo.wanVideo';

	/** The package in an n8n whose contexts have something else in place of the execution's data. */
	function engineWith(runExecutionData: object | undefined) {
		const { nodes, credentials } = loadPackage();
		const wan = required(nodes[WAN], 'node');
		const execute = required(wan.execute, 'execute() of the node');
		const changed: INodeType = {
			description: wan.description,
			async execute() {
				const context = new Proxy(this, {
					has: (target, name) =>
						name === 'runExecutionData' ? runExecutionData !== undefined : name in target,
					get(target, name): unknown {
						if (name === 'runExecutionData') return runExecutionData;
						const value: unknown = Reflect.get(target, name, target);
						return typeof value === 'function' ? value.bind(target) : value;
					},
				});
				return await execute.call(context);
			},
		};
		return { nodeTypes: { ...nodes, [WAN]: changed }, credentialTypes: credentials };
	}

	test.concurrent.each([
		['none', undefined],
		['without what is to be run next', { executionData: {} }],
		['of another shape', { executionData: { nodeExecutionStack: { next: [] } } }],
	])(
		'waits by polling, and says so: one that hands out data of the execution: %s',
		parkedScene(
			async ({ start }, _name, data) => {
				const result = await start('parked', { ...three, ...engineWith(data) }).final;
				expect(result.items('Good')).toHaveLength(3);
				const said = /keeps its executions in a way that the node does not know/;
				expect(hintsOf(result)).toEqual([expect.stringMatching(said)]);
			},
			{ generationMs: 100 },
		),
	);

	test.concurrent(
		'waits by polling, and says so: one whose workflow runs on the next engine',
		parkedScene(
			async ({ n8n, plan }) => {
				const { workflow, ...planned } = plan({ waitFor: 'parked' }, three);
				Object.assign(workflow, { settings: { executionOrder: 'v1', engineType: 'v2' } });
				const result = await n8n.start({ ...planned, workflow, mode: 'trigger' }).final;
				expect(result.items('Good')).toHaveLength(3);
				expect(hintsOf(result)).toEqual([expect.stringMatching(/the next engine of n8n/)]);
			},
			{ generationMs: 100 },
		),
	);
});
