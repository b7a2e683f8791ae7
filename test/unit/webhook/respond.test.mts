import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node.ts';
import { reply, respond } from '../../../nodes/WanVideo/webhook/respond.ts';
import { logger } from '../support/contexts.mts';
import { standIn } from '../support/standIn.mts';

/** A call to a webhook, of which n8n gives these parts besides. */
function call(parts: Partial<IWebhookFunctions> = {}) {
	const sent: Array<{ status: number; body: unknown }> = [];
	const log = logger();
	const response = {
		status: (status: number) => ({ json: (body: unknown) => void sent.push({ status, body }) }),
	};
	const context = standIn<IWebhookFunctions>({
		logger: log.logger,
		getResponseObject: () => response,
		...parts,
	});
	return { context, sent, lines: log.lines };
}

const ANSWERED: IWebhookResponseData = { noWebhookResponse: true };
const NOT_HANDLED = [
	{ status: 503, body: { message: 'The callback could not be handled just now' } },
];

test('a decision for items starts or resumes, and leaves the answer to n8n', async () => {
	const { context, sent } = call();
	const items = [{ json: { taskId: 'task_1' } }];
	expect(await respond(context, async () => ({ items }))).toEqual({ workflowData: [items] });
	expect(sent).toEqual([]);
});

test('a decision to wake lets the node run again, with nothing that came with the call', async () => {
	const { context, sent } = call();
	expect(await respond(context, async () => ({ wakes: true }))).toEqual({ workflowData: [] });
	expect(sent).toEqual([]);
});

test('any other decision is answered, and starts nothing', async () => {
	const { context, sent } = call();
	expect(await respond(context, async () => reply(404, 'No such task'))).toEqual(ANSWERED);
	expect(sent).toEqual([{ status: 404, body: { message: 'No such task' } }]);
});

test.each([
	['an error', new Error('broken')],
	['text', 'broken'],
	['nothing', undefined],
])('a decision that throws %s is answered 503, so that APIXO calls again', async (_, thrown) => {
	const { context, sent, lines } = call();
	const decide = async () => await Promise.reject<never>(thrown);
	expect(await respond(context, decide)).toEqual(ANSWERED);
	expect(sent).toEqual(NOT_HANDLED);
	expect(lines).toEqual(['A callback of APIXO could not be handled']);
});

test('so is one that throws before it gives a promise', async () => {
	const { context, sent } = call();
	const decide = () => {
		throw new Error('broken');
	};
	expect(await respond(context, decide)).toEqual(ANSWERED);
	expect(sent).toEqual(NOT_HANDLED);
});

test.each([
	['Wan Video', new WanVideo()],
	['Wan Video Trigger', new WanVideoTrigger()],
])('the webhook of %s does not throw, whatever n8n does', async (_, node) => {
	const { context, sent } = call({
		getCredentials: async () => await Promise.reject(new Error('cannot be decrypted')),
		getNodeParameter: () => ({}),
		evaluateExpression: () => {
			throw new Error('cannot be evaluated');
		},
	});
	expect(await node.webhook.call(context)).toEqual(ANSWERED);
	expect(sent).toEqual(NOT_HANDLED);
});
