/*
 * `npm start`: everything from a fresh clone to videos on the disk.
 */
import { parseArgs } from 'node:util';
import { demo } from './demo.mts';

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
};

/** Exit codes by convention: 128 and the signal's number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
const PARENT_CHECK_MS = 1_000;

/**
 * Aborts at the first signal, with its name as the reason. A second one ends the process at once.
 * Some shells that npm puts in between end at a signal without passing it on; then our parent
 * changes, which counts as a signal too.
 */
function listenForTheEnd(): AbortSignal {
	const end = new AbortController();
	const onSignal = (name) => {
		if (end.signal.aborted) process.exit(EXIT_CODES[name]);
		end.abort(name);
	};
	for (const name of Object.keys(EXIT_CODES)) process.on(name, onSignal);
	const parent = process.ppid;
	const checkParent = () => {
		if (process.ppid !== parent && !end.signal.aborted) end.abort('SIGTERM');
	};
	if (process.env.npm_lifecycle_event) setInterval(checkParent, PARENT_CHECK_MS).unref();
	return end.signal;
}

async function main() {
	const { values: options } = parseArgs({ options: OPTIONS });
	if (options.help) {
		process.stdout.write(USAGE);
		return 0;
	}
	const ended = listenForTheEnd();
	const interrupted = new Promise((resolve) => {
		ended.addEventListener('abort', () => resolve(EXIT_CODES[ended.reason]));
	});
	return await demo({ ...options, ended, interrupted });
}

main().then(
	(code) => process.exit(code),
	(error) => {
		process.stderr.write(`\n${error.message}\n`);
		process.exit(1);
	},
);
