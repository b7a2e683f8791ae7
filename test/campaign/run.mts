/*
 * `npm run campaign`: breaks n8n, APIXO and what is between them in every way a bad week could, and
 * lets the ledger of the emulator judge. See README.md.
 */
import { parseArgs } from 'node:util';
import type { PartOptions, Verdict } from './part.mts';

/** n8n-core reads it when it is loaded; the failures that are wanted here would fill the screen. */
process.env.N8N_LOG_LEVEL = 'silent';

type Play = (options: PartOptions) => Promise<Verdict>;

/** @param tasks items in all */
const misbehaviour =
	(tasks: number): Play =>
	async (options) =>
		await (await import('./misbehaviour/index.mts')).run({ ...options, tasks });

/** @param count executions of each workflow in a round */
const kill =
	(rounds: number, count: number): Play =>
	async (options) =>
		await (await import('./kill/index.mts')).run({ ...options, rounds, count });

/** @param longShare of the stories that may take more than a minute */
const weather =
	(stories: number, longShare: number): Play =>
	async (options) =>
		await (await import('./weather/index.mts')).run({ ...options, stories, longShare, atOnce: 24 });
/** @param size `[rounds, runs side by side, kills in a round]` */
const waits =
	(place: 'server' | 'queue', form: 'short' | 'long', size: [number, number, number]): Play =>
	async (options) => {
		const [rounds, runs, killsPerRound] = size;
		const { run } = await import('./waits/index.mts');
		return await run({ ...options, place, form, rounds, runs, killsPerRound });
	};

/** @param isControl without the node, so that what grows is n8n's own */
const soak =
	(minutes: number, isControl: boolean): Play =>
	async (options) =>
		await (await import('./soak/index.mts')).run({ ...options, minutes, isControl });

interface Part {
	long: Play;
	/** a part without it is left out of the short form */
	short?: Play;
}

const PARTS: Record<string, Part> = {
	misbehaviour: { long: misbehaviour(5_000), short: misbehaviour(300) },
	kill: { long: kill(6, 2), short: kill(1, 1) },
	weather: { long: weather(500, 0.3) },
	waits: { long: waits('server', 'long', [2, 58, 3]) },
	'waits-queue': { long: waits('queue', 'long', [2, 42, 3]) },
	soak: { long: soak(30, false) },
	control: { long: soak(12, true) },
};

const USAGE = `npm run campaign [-- options] [-- part …]

  --short      what the tests do: smaller, without the soak
  --seed N     the same seed gives the same story (default: 1)
  --help       this text

Parts: ${Object.keys(PARTS).join(', ')}; default: all.
`;

const OPTIONS = {
	short: { type: 'boolean', default: false },
	seed: { type: 'string', default: '1' },
	help: { type: 'boolean', default: false },
} as const;

/** @returns whether all was well */
async function runPart(name: string, play: Play, seed: number): Promise<boolean> {
	const startedAt = Date.now();
	const log = (text: string) => process.stderr.write(`[${name}] ${text}\n`);
	const { report, checks } = await play({ seed, log });
	const seconds = Math.round((Date.now() - startedAt) / 1_000);
	const lines = [
		`\n── ${name}, seed ${seed}, ${seconds} s`,
		...report,
		...checks.map(([what, isGood]) => `${isGood ? 'good' : 'BAD '} ${what}`),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
	return checks.every(([, isGood]) => isGood);
}

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
	const seed = Number(values.seed);
	const isUnknown = positionals.some((name) => !(name in PARTS)) || !Number.isInteger(seed);
	if (values.help || isUnknown) {
		process.stdout.write(USAGE);
		return isUnknown ? 2 : 0;
	}
	let isGood = true;
	for (const [name, { long, short }] of Object.entries(PARTS)) {
		const play = values.short ? short : long;
		const isChosen = positionals.length === 0 ? play !== undefined : positionals.includes(name);
		if (isChosen) isGood = (await runPart(name, play ?? long, seed)) && isGood;
	}
	return isGood ? 0 : 1;
}

// What nodes slept for when their run was over must not keep this process alive.
main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`\n${error instanceof Error ? error.stack : error}\n`);
		process.exit(1);
	},
);
