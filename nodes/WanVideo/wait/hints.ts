import { isRecord } from '../../shared/values';
import type { Run } from '../run/run';
import type { ItemState } from './record';
import type { WaitJob } from './stretch';

/** From so many callbacks on, n8n is busy for a while. */
const MANY_CALLBACKS = 300;

type Parameters = Record<string, unknown>;

/** Triggers that may answer when the last node finishes, which n8n takes being parked for. */
const ANSWERING = [
	{
		type: 'n8n-nodes-base.webhook',
		isAtEnd: ({ responseMode }: Parameters) => responseMode === 'lastNode',
		hint: 'The Webhook node of this workflow answers when the last node finishes, and n8n takes being parked for that: its caller gets no video. Set it to answer immediately or with a Respond to Webhook node, or wait by Polling here',
	},
	{
		type: '@n8n/n8n-nodes-langchain.chatTrigger',
		isAtEnd({ options, availableInChat }: Parameters) {
			const chosen = isRecord(options) ? options.responseMode : undefined;
			return (chosen ?? (availableInChat === true ? 'streaming' : 'lastNode')) === 'lastNode';
		},
		hint: 'The Chat Trigger of this workflow answers when the last node finishes, and n8n takes being parked for that: the chat gets no video. Wait by Polling here',
	},
];

/** What the user should know of an execution that is parked now. */
export function parkingHints({ context }: Run, { way }: WaitJob, items: ItemState[]): string[] {
	const hints: string[] = [];
	const callbacks = items.filter((item) => item.kind === 'awaited' && item.isReported).length;
	if (way === 'callback' && callbacks > MANY_CALLBACKS) {
		hints.push(
			`n8n reads the whole execution for each callback, and there will be ${callbacks}: it may be slow while they come in. Parked Polling, or executions of up to ${MANY_CALLBACKS} videos each, are easier on it`,
		);
	}
	if (context.getMode() === 'integrated') {
		hints.push(
			'This workflow was called by another one and is parked now. If the Execute Sub-workflow node there runs once for each item, n8n goes on with the first video alone: set its Mode to Run Once With All Items, or wait by Polling here',
		);
	}
	const before = context.getParentNodes(context.getNode().name, { includeNodeParameters: true });
	for (const { type, isAtEnd, hint } of ANSWERING) {
		if (before.some((node) => node.type === type && isAtEnd({ ...node.parameters }))) {
			hints.push(hint);
		}
	}
	return hints;
}
