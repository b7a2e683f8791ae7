import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { required } from '../required.mts';
import type { Run } from './run.mts';
import { runOf } from './run.mts';
import type { SceneStage } from './scene.mts';
import { until } from './until.mts';
import { type Steps, chain, node } from './workflows.mts';

/** A file as it is uploaded; the name of its field is its label in the form. */
export interface Upload {
	label: string;
	name: string;
	type: string;
	content: Buffer;
}

/** A connection of its own: what is behind a load balancer may be another server each time. */
export const ONCE = { connection: 'close' };

/** n8n's own Form Trigger, with a field for each file. */
const formStart = (path: string, uploads: Upload[]): INode =>
	node('Start', 'formTrigger', {
		typeVersion: 2.2,
		webhookId: path,
		parameters: {
			formTitle: 'Upload',
			formFields: {
				values: uploads.map(({ label }) => ({
					fieldLabel: label,
					fieldType: 'file',
					multipleFiles: false,
				})),
			},
			responseMode: 'onReceived',
			options: { path },
		},
	});

/** Publishes a workflow that starts with a form, and sends the form off as a visitor does. */
export async function sendForm(
	{ client, n8n }: SceneStage,
	uploads: Upload[],
	steps: Steps,
): Promise<Run> {
	const path = randomUUID();
	const { id } = await client.createWorkflow(chain(path, [formStart(path, uploads), ...steps]));
	await client.activate(id);
	const body = new FormData();
	for (const [index, { name, type, content }] of uploads.entries()) {
		body.append(`field-${index}`, new Blob([new Uint8Array(content)], { type }), name);
	}
	const { status } = await fetch(`${n8n.url}/form/${path}`, {
		method: 'POST',
		body,
		headers: ONCE,
	});
	if (status !== 200) throw new Error(`The form answered ${status}`);
	let executionId: string | undefined;
	await until(async () => {
		executionId = (await client.executions({ workflowId: id }))[0]?.id;
		return executionId !== undefined;
	});
	return runOf(client, id, required(executionId, 'execution'));
}
