import {
	N8nClient,
	OWNER,
	installPackage,
	newUserFolder,
	outputItems,
	packPackage,
	startN8n,
} from '../n8n/driver/index.mts';
import { ensureN8n } from '../n8n/index.mts';
import { showStep } from '../shared/run.mts';
import { setUpExample } from './example.mts';
import { showProgress } from './progress.mts';
import { costLine, faults, table } from './report.mts';
import { chooseService } from './service.mts';
import { saveVideos } from './videos.mts';
import type { Execution, N8nServer } from '../n8n/driver/index.mts';
import type { Example } from './example.mts';
import type { Service } from './service.mts';

/** How long a run may take to end when the demo is interrupted. */
const STOP_TIMEOUT_MS = 15_000;

const say = (text: string) => process.stdout.write(`${text}\n`);

class Interrupted extends Error {}

async function startWithPackage(): Promise<N8nServer> {
	const tarball = await packPackage();
	const runtime = await ensureN8n();
	const userFolder = await newUserFolder(runtime);
	await installPackage(tarball, userFolder);
	const endStep = showStep(`Starting n8n ${runtime.version} with the package`);
	const n8n = await startN8n({ runtime, userFolder });
	endStep();
	return n8n;
}

/** What an execution failed with; n8n writes descriptions as HTML. */
function errorText({ data }: Execution): string {
	const lastRun = data.resultData.runData['Wan Video']?.at(-1);
	const error = data.resultData.error ?? lastRun?.error;
	return [error?.message, error?.description].filter(Boolean).join('\n').replace(/<br>/g, '\n');
}

/** The one run of the demo. */
interface Run {
	client: N8nClient;
	service: Service;
	executionId: string;
	interrupted: Promise<number>;
}

/** n8n keeps no outputs of a run that was stopped by hand. */
async function stopRun({ client, service, executionId }: Run): Promise<void> {
	await client.stop(executionId);
	await client.waitForExecution(executionId, { status: 'canceled', timeoutMs: STOP_TIMEOUT_MS });
	say(`\nThe run was stopped. ${service.whenStopped}`);
}

/** @returns the execution, or undefined when the demo was interrupted before its end */
async function showUntilEnd({
	client,
	service,
	executionId,
	interrupted,
}: Run): Promise<Execution | undefined> {
	const endProgress = showProgress(service.tasks);
	try {
		const execution = client.waitForExecution(executionId, { timeoutMs: service.timeoutMs });
		// After an interruption nobody waits for this any more.
		execution.catch(() => {});
		return await Promise.race([execution, interrupted.then(() => undefined)]);
	} finally {
		endProgress();
	}
}

/** @throws {Interrupted} */
async function runToEnd(run: Run): Promise<Execution> {
	const execution = await showUntilEnd(run);
	if (execution) return execution;
	await stopRun(run);
	throw new Interrupted();
}

/** @returns what went wrong */
async function saveAndReport(execution: Execution, { client, service }: Run): Promise<string[]> {
	if (execution.status !== 'success') {
		return [`The workflow ended as "${execution.status}". ${errorText(execution)}`];
	}
	const ledger = service.ledger?.();
	const rows = await saveVideos({ client, execution, ledger });
	say(`\n${table(rows, ledger)}\n${costLine(rows, ledger)}`);
	return faults(rows, outputItems(execution, 'Requests').length, ledger);
}

function sayWhereEditorIs(
	n8n: N8nServer,
	{ workflowId, firstVideoId }: Example,
	executionId: string,
	{ credentialNote }: Service,
): void {
	say(`This run in the editor: ${n8n.url}/workflow/${workflowId}/executions/${executionId}`);
	say(`A first video of your own: ${n8n.url}/workflow/${firstVideoId}`);
	if (credentialNote !== undefined) say(credentialNote);
	say(`Log in with ${OWNER.email} and the password ${OWNER.password}`);
	say('Ctrl-C ends it, and everything that runs for it.');
}

export interface DemoOptions {
	/** end after the run */
	once: boolean;
	/** pay without asking */
	yes: boolean;
	/** settles with the exit code when the demo has to end */
	interrupted: Promise<number>;
}

/**
 * Shows the package at work in a real n8n: starts everything, generates, saves, reports.
 *
 * @returns exit code
 */
export async function demo({ once, yes, interrupted }: DemoOptions): Promise<number> {
	const interruption = interrupted.then((): never => {
		throw new Interrupted();
	});
	let n8n: N8nServer | undefined;
	let service: Service | undefined;
	try {
		service = await Promise.race([interruption, chooseService({ yes })]);
		if (!service) return 1;
		n8n = await Promise.race([interruption, startWithPackage()]);
		say(`Using ${service.title}`);
		const client = new N8nClient(n8n.url);
		const example = await setUpExample(client, service);
		const executionId = await client.run(example.workflowId, 'Start');
		const run = { client, service, executionId, interrupted };
		const found = await saveAndReport(await runToEnd(run), run);
		for (const fault of found) say(`✗ ${fault}`);
		if (!once) {
			sayWhereEditorIs(n8n, example, executionId, service);
			await interrupted;
		}
		return found.length > 0 ? 1 : 0;
	} catch (error) {
		if (!(error instanceof Interrupted)) throw error;
		return await interrupted;
	} finally {
		await n8n?.dispose();
		await service?.close();
	}
}
