import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';
import { required } from '../required.mts';
import { runOf } from './run.mts';
import type { IDataObject, INode, INodeCredentials } from 'n8n-workflow';
import type { Run } from './run.mts';
import type { Scene } from './scene.mts';
import type { NewWorkflow } from './workflows.mts';

const FOLDER = path.join(repoDir, 'examples');

/** Without it, the tests would wait for the first poll as long as users do; then all is finished. */
const QUICK = {
	firstPollDelay: 2,
	pollInterval: 1,
	// The addresses in examples are placeholders, at which a host outside may say that nothing is.
	checkMedia: false,
};
const WAITING = ['generate', 'wait'];

export const exampleFiles = (): string[] =>
	fs.readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** @param number that its file begins with */
function readExample(number: string): NewWorkflow {
	const file = exampleFiles().find((name) => name.startsWith(`${number}-`));
	return JSON.parse(
		fs.readFileSync(path.join(FOLDER, required(file, `example ${number}`)), 'utf8'),
	);
}

/** @returns the node of that name, to be changed as a user would change it */
export const nodeOf = ({ nodes }: Pick<NewWorkflow, 'nodes'>, name: string): INode =>
	required(
		nodes.find((node) => node.name === name),
		`node ${name}`,
	);

const isOurs = ({ type }: INode) => type.startsWith('n8n-nodes-apixo.');

/** @returns USD, what the example's note says that it costs; NaN if it does not say */
function costInNote({ nodes }: NewWorkflow): number {
	const notes = nodes.filter(({ type }) => type.endsWith('.stickyNote'));
	const text = notes.map(({ parameters }) => parameters.content).join('\n');
	return Number(/^Costs .*?about \$(\d+\.\d\d)/m.exec(text)?.[1]);
}

/** Chooses a credential where a user has to: an estimate needs none. */
function chooseCredentials({ nodes }: NewWorkflow, credentials: INodeCredentials) {
	for (const node of nodes.filter(isOurs)) {
		if (node.parameters.operation !== 'estimateCost') node.credentials = credentials;
	}
}

function pollQuickly({ nodes }: NewWorkflow) {
	for (const { parameters } of nodes.filter(isOurs)) {
		const { operation, options } = parameters;
		if (WAITING.includes(String(operation))) parameters.options = Object.assign({}, options, QUICK);
	}
}

/** As the editor does: two workflows cannot listen at the same address. */
function renewAddresses({ nodes }: NewWorkflow) {
	for (const node of nodes) if (node.webhookId) node.webhookId = randomUUID();
}

/** An example that is saved in n8n. */
export interface ImportedExample {
	id: string;
	/** USD, as its note says */
	cost: number;
	/** by hand. @param from the node that it starts at @param came what that node gets from outside */
	run: (from?: string, came?: IDataObject) => Promise<Run>;
}

/**
 * An example, imported: its credentials chosen, ready to run.
 *
 * @param change what else its user does
 */
export async function importExample(
	{ client, credentials }: Pick<Scene, 'client' | 'credentials'>,
	number: string,
	change: (workflow: NewWorkflow) => void = () => {},
): Promise<ImportedExample> {
	const workflow = readExample(number);
	chooseCredentials(workflow, credentials);
	pollQuickly(workflow);
	renewAddresses(workflow);
	change(workflow);
	const { id } = await client.createWorkflow(workflow);
	return {
		id,
		cost: costInNote(workflow),
		run: async (from = 'Start', came) => runOf(client, id, await client.run(id, from, came)),
	};
}
