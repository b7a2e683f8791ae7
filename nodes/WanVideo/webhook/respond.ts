import type { INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** How a call to a webhook is answered. APIXO delivers again unless the status is 200. */
export type Reply =
	/** Starts or resumes nothing. */
	| { status: number; message: string }
	/** Starts the workflow with these items. n8n answers 200. */
	| { items: INodeExecutionData[] }
	/** Lets a parked execution go on with its node. n8n answers 200. */
	| { wakes: true };

export const reply = (status: number, message: string): Reply => ({ status, message });

const NOT_HANDLED = reply(503, 'The callback could not be handled just now');

/**
 * Turns a decision into n8n's answer. Must not throw: n8n would answer 500, and fail a parked
 * execution while it still runs what follows, with an empty item. (Seen on n8n 2.41.1.)
 */
export async function respond(
	context: IWebhookFunctions,
	decide: () => Promise<Reply>,
): Promise<IWebhookResponseData> {
	let decided: Reply;
	try {
		decided = await decide();
	} catch (error) {
		context.logger.warn('A callback of APIXO could not be handled', { error });
		decided = NOT_HANDLED;
	}
	if ('wakes' in decided) return { workflowData: [] };
	if ('items' in decided) return { workflowData: [decided.items] };
	const { status, message } = decided;
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
