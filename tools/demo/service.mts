import readline from 'node:readline/promises';
import { DEFAULT_KEY, startEmulator } from '../../emulator/index.mts';
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import type { Charge } from '../../emulator/index.mts';
import type { RunningTask } from './progress.mts';

const GENERATION_MS = 8_000;

/** The cheapest request that needs no media: the image and reference modes would need URLs that are
 * sure to be online. */
const PAID_REQUEST = {
	mode: 'text-to-video',
	prompt: 'A paper boat sails down a rainy street, cinematic',
	resolution: '720p',
	duration: 2,
};
const PAID_USD = 0.2;

/** The service that the demo talks to. */
export interface Service {
	title: string;
	/** for people who make a credential by hand; not of a real account */
	credentialNote?: string;
	/** data for `apixoApi` */
	credential: ICredentialDataDecryptedObject;
	/** of the node */
	options: INodeParameters;
	/** instead of those in the workflow file */
	requests?: IDataObject[];
	/** for the whole run */
	timeoutMs: number;
	tasks?: () => RunningTask[];
	ledger?: () => Charge[];
	/** what a user has to know after an interruption */
	whenStopped: string;
	close: () => Promise<void>;
}

/** @returns a stand-in on this machine, free of charge */
async function emulatedService(): Promise<Service> {
	// Task IDs follow from the seed: two demos at the same time should not show the same ones.
	const apixo = await startEmulator({ port: 0, generationMs: GENERATION_MS, seed: Date.now() });
	return {
		title: `the stand-in for APIXO on this machine (${apixo.baseUrl}): nothing is paid`,
		credential: { apiKey: DEFAULT_KEY, baseUrl: apixo.baseUrl },
		credentialNote: `A credential of your own takes the API Key ${DEFAULT_KEY} and the Base URL ${apixo.baseUrl}`,
		options: { firstPollDelay: 1, pollInterval: 1 },
		timeoutMs: 120_000,
		tasks: apixo.tasks,
		ledger: apixo.ledger,
		whenStopped: 'Nothing was paid.',
		close: apixo.close,
	};
}

function realService({ apiKey, baseUrl }: { apiKey: string; baseUrl?: string }): Service {
	return {
		title: `the real APIXO${baseUrl ? ` at ${baseUrl}` : ''}`,
		credential: { apiKey, ...(baseUrl && { baseUrl }) },
		options: { maxCost: PAID_USD },
		requests: [PAID_REQUEST],
		timeoutMs: 25 * 60_000,
		whenStopped: 'Its video may have been paid for: look for the task in your APIXO account.',
		close: async () => {},
	};
}

async function agrees(yes: boolean): Promise<boolean> {
	process.stdout.write(
		`APIXO_API_KEY is set, so this uses the real service and costs about $${PAID_USD.toFixed(2)}:\n` +
			`one ${PAID_REQUEST.mode} of ${PAID_REQUEST.duration} s in ${PAID_REQUEST.resolution} ` +
			'(the other modes need pictures or videos of your own).\n',
	);
	if (yes) return true;
	if (!process.stdin.isTTY) {
		process.stdout.write('There is no terminal to ask in. To go on, add --yes.\n');
		return false;
	}
	const terminal = readline.createInterface({ input: process.stdin, output: process.stdout });
	// In this mode the terminal hands Ctrl-C to readline, which would swallow it.
	terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
	const answer = await terminal.question('Go on? [y/N] ');
	terminal.close();
	return /^y(es)?$/i.test(answer.trim());
}

/** @returns undefined: the user does not want to pay */
export async function chooseService({ yes }: { yes: boolean }): Promise<Service | undefined> {
	const { APIXO_API_KEY: apiKey, APIXO_BASE_URL: baseUrl } = process.env;
	if (!apiKey) return await emulatedService();
	return (await agrees(yes)) ? realService({ apiKey, baseUrl }) : undefined;
}
