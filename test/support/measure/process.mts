import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scratchFolder } from '../../../tools/shared/scratch.mts';
import { required } from '../required.mts';
import { cpuSecondsOf } from './cpu.mts';

const PROBE_TIMEOUT_MS = 20_000;
const BYTES_PER_MB = 2 ** 20;

/** @returns MiB */
function memoryOf(pid: number, name: 'VmRSS' | 'VmHWM'): number {
	const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
	const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status);
	return Number(required(line, `${name} of process ${pid}`)[1]) / 1024;
}

/** Sets the kernel's record of the most memory that a process held to what it holds now. */
const forgetPeak = (pid: number) => fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');

export interface Cost<T> {
	/** of the work */
	result: T;
	cpuSeconds: number;
	/** resident memory before the work, in MiB */
	beforeMb: number;
	/** its highest value during the work */
	peakMb: number;
}

/** What some work costs a process (Linux). */
export async function costTo<T>(pid: number, work: () => Promise<T>): Promise<Cost<T>> {
	forgetPeak(pid);
	const beforeMb = memoryOf(pid, 'VmRSS');
	const cpuBefore = cpuSecondsOf(pid);
	const result = await work();
	return {
		result,
		cpuSeconds: cpuSecondsOf(pid) - cpuBefore,
		beforeMb,
		peakMb: memoryOf(pid, 'VmHWM'),
	};
}

/** Environment of an n8n whose live heap can be measured. */
export interface HeapProbeEnvironment {
	NODE_OPTIONS: string;
	BENCH_HEAP_FILE: string;
}

export function heapProbeEnvironment(): HeapProbeEnvironment {
	return {
		NODE_OPTIONS: `--import ${path.join(import.meta.dirname, 'heap-probe.mts')}`,
		BENCH_HEAP_FILE: path.join(scratchFolder('heap'), 'heap'),
	};
}

/**
 * @param environment of that process
 * @returns MiB of JavaScript heap in use, after garbage collection
 */
export async function liveHeapMb(
	pid: number,
	{ BENCH_HEAP_FILE }: Pick<HeapProbeEnvironment, 'BENCH_HEAP_FILE'>,
): Promise<number> {
	const file = `${BENCH_HEAP_FILE}-${pid}`;
	fs.rmSync(file, { force: true });
	process.kill(pid, 'SIGUSR2');
	const deadline = Date.now() + PROBE_TIMEOUT_MS;
	while (!fs.existsSync(file)) {
		if (Date.now() > deadline) throw new Error('n8n did not tell the size of its heap');
		await sleep(20);
	}
	return Number(fs.readFileSync(file, 'utf8')) / BYTES_PER_MB;
}
