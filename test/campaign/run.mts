/*
 * `npm run campaign`: breaks n8n, APIXO and what is between them in every way a bad week could, and
 * lets the ledger of the emulator judge. See README.md.
 */
import { parseArgs } from 'node:util';

/** n8n-core reads it when it is loaded; the failures that are wanted here would fill the screen. */
process.env.N8N_LOG_LEVEL = 'silent';

/** What each part does in its long and its short form. */
const PARTS = {
	misbehaviour: { long: { tasks: 2_000 }, short: { tasks: 300 } },
	kill: { long: { rounds: 6, count: 2 }, short: { rounds: 1, count: 1 } },
	soak: { long: { minutes: 30 } },
	control: { long: { minutes: 12, isControl: true }, module: 'soak' },
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
};

/** @returns whether all was well */
async function runPart(name, form, seed): Promise<boolean> {
	const startedAt = Date.now();
	const log = (text) => process.stderr.write(`[${name}] ${text}\n`);
	const { report, checks } = await (
		await import(`./${PARTS[name].module ?? name}/index.mts`)
	).run({
		...form,
		seed,
		log,
	});
	const seconds = Math.round((Date.now() - startedAt) / 1_000);
	const lines = [
		`\n── ${name}, seed ${seed}, ${seconds} s`,
		...report,
		...checks.map(([what, isGood]) => `${isGood ? 'good' : 'BAD '} ${what}`),
	];
	process.stdout.write(`${lines.join('\n')}\n`);
	return checks.every(([, isGood]) => isGood);
}

async function main() {
	const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
	const seed = Number(values.seed);
	const isUnknown = positionals.some((name) => !(name in PARTS)) || !Number.isInteger(seed);
	if (values.help || isUnknown) {
		process.stdout.write(USAGE);
		return isUnknown ? 2 : 0;
	}
	let isGood = true;
	for (const [name, forms] of Object.entries(PARTS)) {
		const form = values.short ? forms.short : forms.long;
		const isChosen = positionals.length === 0 ? form !== undefined : positionals.includes(name);
		if (isChosen) isGood = (await runPart(name, form ?? forms.long, seed)) && isGood;
	}
	return isGood ? 0 : 1;
}

// What nodes slept for when their run was over must not keep this process alive.
main().then(
	(code) => process.exit(code),
	(error) => {
		process.stderr.write(`\n${error.stack}\n`);
		process.exit(1);
	},
);
