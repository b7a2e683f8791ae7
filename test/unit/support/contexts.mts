import type { IExecuteFunctions, INode, IWebhookFunctions } from 'n8n-workflow';
import { standIn } from './standIn.mts';

export const NODE: INode = {
	id: '1',
	name: 'Wan',
	type: 'n8n-nodes-apixo.wanVideo',
	typeVersion: 1.1,
	position: [0, 0],
	parameters: {},
};

/** The parameters of each item. n8n promises text for some of them, but any may hold anything. */
export const parametersOf = (...items: Array<Record<string, unknown>>) =>
	((name: string, item: number, fallback?: unknown) =>
		items[item][name] ?? fallback) as IExecuteFunctions['getNodeParameter'];

/** A node whose parameters are these. */
export const panel = (parameters: Record<string, unknown>): IExecuteFunctions =>
	standIn<IExecuteFunctions>({
		getNodeParameter: parametersOf(parameters),
		getNode: () => NODE,
	});

/** A trigger whose parameters are these. */
export const triggerPanel = (parameters: Record<string, unknown>): IWebhookFunctions =>
	standIn<IWebhookFunctions>({
		getNode: () => NODE,
		getNodeParameter: ((name: string, fallback?: unknown) =>
			name in parameters ? parameters[name] : fallback) as IWebhookFunctions['getNodeParameter'],
	});

/** A logger that keeps its lines. */
export function logger() {
	const lines: string[] = [];
	const log = (message: string) => void lines.push(message);
	return { lines, logger: { debug: log, info: log, warn: log, error: log } };
}
