import fs from 'node:fs';
import path from 'node:path';
import { repoDir } from '../../../tools/shared/paths.mts';
import { runOf } from './run.mts';
import type { openScene } from './scene.mts';

const FOLDER = path.join(repoDir, 'examples');

/** Without it, the tests would wait for the first look at a task as long as users do. */
const QUICK = { firstPollDelay: 1, pollInterval: 1 };

export const exampleFiles = () => fs.readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

/** @param number that its file begins with @returns the workflow */
function readExample(number: string): unknown {
	const [file] = exampleFiles().filter((name) => name.startsWith(`${number}-`));
	return JSON.parse(fs.readFileSync(path.join(FOLDER, file), 'utf8'));
}

/** @returns the node of that name, to be changed as a user would change it */
export const nodeOf = (workflow, name): unknown =>
	workflow.nodes.find((node) => node.name === name);

const isOurs = ({ type }) => type.startsWith('n8n-nodes-apixo.');

/** @returns USD, what the example's note says that it costs; NaN if it does not say */
function costInNote({ nodes }): number {
	const notes = nodes.filter(({ type }) => type.endsWith('.stickyNote'));
	const text = notes.map(({ parameters }) => parameters.content).join('\n');
	return Number(/^Costs .*?about \$(\d+\.\d\d)/m.exec(text)?.[1]);
}

/** Chooses a credential where a user has to: an estimate needs none. */
function chooseCredentials({ nodes }, credentials) {
	for (const node of nodes.filter(isOurs)) {
		if (node.parameters.operation !== 'estimateCost') node.credentials = credentials;
	}
}

function pollQuickly({ nodes }) {
	const isGenerating = ({ parameters }) => parameters.operation === 'generate';
	for (const { parameters } of nodes.filter(isOurs).filter(isGenerating)) {
		parameters.options = { ...parameters.options, ...QUICK };
	}
}

/**
 * An example, imported: its credentials chosen, ready to run.
 *
 * @param change what else its user does
 */
export async function importExample(
	{ client, credentials }: Awaited<ReturnType<typeof openScene>>,
	number: string,
	change: (workflow: unknown) => void = () => {},
) {
	const workflow = readExample(number);
	chooseCredentials(workflow, credentials);
	pollQuickly(workflow);
	change(workflow);
	const { id } = await client.createWorkflow(workflow);
	return {
		id,
		cost: costInNote(workflow),
		run: async (from = 'Start') => runOf(client, id, await client.run(id, from)),
	};
}
