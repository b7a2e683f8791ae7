/*
 * `npm start`: everything from a fresh clone to videos on the disk.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.mts';
import { demo } from './demo.mts';
import { watchStarter } from './starter.mts';

const USAGE = `npm start [-- --once] [-- --yes]

  --once   end after the run; the exit code tells whether everything worked
  --yes    with APIXO_API_KEY set: generate and pay without asking
  --help   this text

Without APIXO_API_KEY a stand-in for APIXO runs on this machine and nothing is paid.
With it, the real service is used (at APIXO_BASE_URL, if that is set).
`;

const OPTIONS = {
	once: { type: 'boolean', default: false },
	yes: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false },
} as const;

const END_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
type EndSignal = (typeof END_SIGNALS)[number];

/** By convention. */
const exitCodeOf = (signal: EndSignal) => 128 + os.constants.signals[signal];

const STARTER_CHECK_MS = 1_000;

/**
 * Settles with the exit code at the first signal. A second one ends the process at once. npm, and some
 * shells that it puts in between, may end without passing a signal on, which counts as one too.
 */
async function interruption(): Promise<number> {
	return await new Promise((resolve) => {
		let isInterrupted = false;
		const interrupt = (signal: EndSignal) => {
			isInterrupted = true;
			resolve(exitCodeOf(signal));
		};
		for (const signal of END_SIGNALS) {
			process.on(signal, () => {
				if (isInterrupted) process.exit(exitCodeOf(signal));
				interrupt(signal);
			});
		}
		if (process.env.npm_lifecycle_event === undefined) return;
		const hasStarterEnded = watchStarter();
		const checkStarter = () => {
			if (hasStarterEnded()) interrupt('SIGTERM');
		};
		setInterval(checkStarter, STARTER_CHECK_MS).unref();
	});
}

async function main(): Promise<number> {
	const { values: options } = parseArgs({ options: OPTIONS });
	if (options.help) {
		process.stdout.write(USAGE);
		return 0;
	}
	return await demo({ ...options, interrupted: interruption() });
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`\n${messageOf(error)}\n`);
		process.exit(1);
	},
);
