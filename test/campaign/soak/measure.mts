import fs from 'node:fs';
import path from 'node:path';
import { until } from '../../support/n8n/until.mts';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import type { ProbeReport } from './probe.mts';

const MEGABYTE = 2 ** 20;

/** Environment of an n8n that can be asked what it holds. */
export const probeEnvironment = () => ({
	NODE_OPTIONS: `--import ${path.join(import.meta.dirname, 'probe.mts')}`,
	CAMPAIGN_PROBE_FILE: path.join(scratchFolder('probe'), 'held'),
});

export type ProbeEnvironment = ReturnType<typeof probeEnvironment>;

/** Open descriptors of a process (Linux). @param what part of their links */
function descriptors(pid: number, what = ''): number {
	const folder = `/proc/${pid}/fd`;
	const linkOf = (name: string) => {
		try {
			return fs.readlinkSync(path.join(folder, name));
		} catch {
			// Closed meanwhile.
			return undefined;
		}
	};
	return fs.readdirSync(folder).filter((name) => linkOf(name)?.includes(what)).length;
}

/** What an n8n holds. */
export interface Held {
	/** after garbage collection */
	heapMb: number;
	/** resident memory */
	rssMb: number;
	timers: number;
	descriptors: number;
	sockets: number;
}

/** @param environment of that process */
export async function heldBy(
	pid: number,
	{ CAMPAIGN_PROBE_FILE }: ProbeEnvironment,
): Promise<Held> {
	const file = `${CAMPAIGN_PROBE_FILE}-${pid}`;
	fs.rmSync(file, { force: true });
	process.kill(pid, 'SIGUSR2');
	await until(() => fs.existsSync(file));
	const { heapUsed, rss, timers }: ProbeReport = JSON.parse(fs.readFileSync(file, 'utf8'));
	return {
		heapMb: heapUsed / MEGABYTE,
		rssMb: rss / MEGABYTE,
		timers,
		descriptors: descriptors(pid),
		sockets: descriptors(pid, 'socket:'),
	};
}

/**
 * The straight line through points, by least squares.
 *
 * @param points at least three
 * @returns with the standard error of the slope
 */
export function slopeOf(points: Array<[number, number]>): { slope: number; error: number } {
	const count = points.length;
	const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
	const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
	const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
	const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
	const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
	return { slope, error: Math.sqrt(residual / (count - 2) / spread) };
}
