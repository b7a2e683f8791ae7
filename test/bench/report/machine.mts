import os from 'node:os';
import { DEFAULT_VERSION, ensureNode24 } from '../../../tools/n8n/index.mts';
import { run } from '../../../tools/shared/run.mts';

/** What the figures depend on, in words. */
export interface Machine {
	processor: string;
	memory: string;
	system: string;
	n8n: string;
	load: string;
}

export async function machine(): Promise<Machine> {
	const [cpu] = os.cpus();
	const nodeOfN8n = await run(await ensureNode24(), ['--version']);
	const [load] = os.loadavg();
	return {
		processor: `${cpu.model.trim()}, ${os.cpus().length} cores`,
		memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
		system: `${os.type()} ${os.release()} (${os.arch()})`,
		n8n: `${DEFAULT_VERSION} on Node ${nodeOfN8n.trim().replace(/^v/, '')}, SQLite`,
		load: `load average ${load.toFixed(1)} when it ended`,
	};
}
