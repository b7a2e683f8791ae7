import { parseArgs } from 'node:util';

import { startEmulator, DEFAULT_KEY } from './index.mts';

const USAGE = `A stand-in for APIXO on this machine. It charges nothing and generates nothing.

  npm run emulator -- [options]

  --port N                 port on 127.0.0.1 (default: any free one)
  --generation-seconds S   how long a task takes (default: 20)
  --scale F                factor for the service's own times, such as callback retries (default: 1)
  --key K                  the API key it accepts (default: ${DEFAULT_KEY})
  --balance USD            what is on that key (default: 100)
  --quiet                  no line for each request
  --help`;

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '0' },
		'generation-seconds': { type: 'string', default: '20' },
		scale: { type: 'string', default: '1' },
		key: { type: 'string', default: DEFAULT_KEY },
		balance: { type: 'string', default: '100' },
		quiet: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});

/** @throws when the text is no number: a typing error must not become a time of 0 */
function numberOf(name: 'port' | 'generation-seconds' | 'scale' | 'balance'): number {
	const text = values[name];
	const number = Number(text);
	if (text.trim() === '' || !(number >= 0)) throw new Error(`--${name} must be a number`);
	return number;
}

async function main() {
	const emulator = await startEmulator({
		port: numberOf('port'),
		generationMs: numberOf('generation-seconds') * 1_000,
		timeScale: numberOf('scale'),
		keys: { [values.key]: { balanceUsd: numberOf('balance') } },
		log: values.quiet ? undefined : console.log,
	});
	console.log(`APIXO emulator is running. In n8n, make an APIXO API credential with

  API Key   ${values.key}
  Base URL  ${emulator.baseUrl}

What happened so far: ${emulator.origin}/_emulator/ledger (also requests, tasks, callbacks)
Ctrl-C ends it.
`);
	const end = () => emulator.close();
	process.once('SIGINT', end).once('SIGTERM', end);
}

if (values.help) console.log(USAGE);
else {
	main().catch((error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
}
