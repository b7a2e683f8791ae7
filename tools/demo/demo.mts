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

/** How long a run may take to end when the demo is interrupted. */
const STOP_TIMEOUT_MS = 15_000;

const say = (text) => process.stdout.write(`${text}\n`);

class Interrupted extends Error {}

async function startWithPackage() {
	const tarball = await packPackage();
	const runtime = await ensureN8n();
	const userFolder = await newUserFolder(runtime);
	await installPackage(tarball, userFolder);
	const endStep = showStep(`Starting n8n ${runtime.version} with the package`);
	const n8n = await startN8n({ runtime, userFolder });
	endStep();
	return n8n;
}

/** What an execution failed with, its description being made for a page. */
function errorText({ data }) {
	const lastRun = data.resultData.runData['Wan Video']?.at(-1);
	const { message, description } = data.resultData.error ?? lastRun?.error ?? {};
	return [message, description].filter(Boolean).join('\n').replace(/<br>/g, '\n');
}

/** n8n keeps no outputs of a run that was stopped by hand, only that it was. */
async function stopRun(client, executionId, { whenStopped }) {
	await client.stop(executionId);
	await client.waitForExecution(executionId, { status: 'canceled', timeoutMs: STOP_TIMEOUT_MS });
	say(`\nThe run was stopped. ${whenStopped}`);
}

/** @returns the execution, or undefined when the demo was interrupted before its end */
async function showUntilEnd({ client, service, executionId, interrupted }): Promise<unknown> {
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

async function runWorkflow({ client, service, workflowId, interrupted }) {
	const executionId = await client.run(workflowId, 'Start');
	const execution = await showUntilEnd({ client, service, executionId, interrupted });
	if (execution) return execution;
	await stopRun(client, executionId, service);
	throw new Interrupted();
}

/** @returns what went wrong */
async function produce({ client, service, workflowId, interrupted }): Promise<string[]> {
	const execution = await runWorkflow({ client, service, workflowId, interrupted });
	if (execution.status !== 'success') {
		return [`The workflow ended as "${execution.status}". ${errorText(execution)}`];
	}
	const ledger = service.ledger?.();
	const rows = await saveVideos({ client, execution, ledger });
	say(`\n${table(rows, ledger)}\n${costLine(rows, ledger)}`);
	return faults(rows, outputItems(execution, 'Requests').length, ledger);
}

async function leaveOpen(n8n, workflowId, interrupted) {
	say(`The editor is open: ${n8n.url}/workflow/${workflowId}`);
	say(`Log in with ${OWNER.email} and the password ${OWNER.password}`);
	say('Ctrl-C ends it, and everything that runs for it.');
	await interrupted;
}

/**
 * Shows the package at work in a real n8n: starts everything, generates, saves, reports.
 *
 * @returns exit code
 */
export async function demo({
	once,
	yes,
	ended,
	interrupted,
}: {
	/** end after the run */
	once: boolean;
	/** pay without asking */
	yes: boolean;
	ended: AbortSignal;
	/** settles with the exit code when `ended` is aborted */
	interrupted: Promise<number>;
}): Promise<number> {
	const whileWanted = async (promise) => {
		const result = await Promise.race([promise, interrupted]);
		if (ended.aborted) throw new Interrupted();
		return result;
	};
	let n8n;
	let service;
	try {
		service = await whileWanted(chooseService({ yes }));
		if (!service) return 1;
		n8n = await whileWanted(startWithPackage());
		say(`Using ${service.title}`);
		const client = new N8nClient(n8n.url);
		const workflowId = await setUpExample(client, service);
		const found = await produce({ client, service, workflowId, interrupted });
		for (const fault of found) say(`✗ ${fault}`);
		if (!once) await leaveOpen(n8n, workflowId, interrupted);
		return found.length > 0 ? 1 : 0;
	} catch (error) {
		if (!(error instanceof Interrupted)) throw error;
		return await interrupted;
	} finally {
		await n8n?.dispose();
		await service?.close();
	}
}
