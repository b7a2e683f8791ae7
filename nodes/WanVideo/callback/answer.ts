import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** Answers a callback without starting or resuming anything. APIXO delivers again unless 200. */
export function answer(
	context: IWebhookFunctions,
	status: number,
	message: string,
): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}
