'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { scratchFolder } = require('../../runtime/scratch');
const { cpuSecondsOf } = require('./cpu');

const PROBE_TIMEOUT_MS = 20_000;
const BYTES_PER_MB = 2 ** 20;

function statusLine(pid, name) {
	const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
	const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status);
	return Number(kilobytes) / 1024;
}

/** Sets the kernel's record of the most memory that a process held to what it holds now. */
const forgetPeak = (pid) => fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');

/**
 * What some work costs a process (Linux).
 *
 * @template T
 * @param {number} pid
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, cpuSeconds: number, beforeMb: number, peakMb: number }>} resident
 *   memory in MiB, before and at its highest
 */
async function costTo(pid, work) {
	forgetPeak(pid);
	const beforeMb = statusLine(pid, 'VmRSS');
	const cpuBefore = cpuSecondsOf(pid);
	const result = await work();
	return {
		result,
		cpuSeconds: cpuSecondsOf(pid) - cpuBefore,
		beforeMb,
		peakMb: statusLine(pid, 'VmHWM'),
	};
}

/** Environment of an n8n whose live heap can be measured. */
function heapProbeEnvironment() {
	return {
		NODE_OPTIONS: `--require ${path.join(__dirname, 'heap-probe.js')}`,
		BENCH_HEAP_FILE: path.join(scratchFolder('heap'), 'heap'),
	};
}

/**
 * @param {number} pid
 * @param {{ BENCH_HEAP_FILE: string }} environment of that process
 * @returns {Promise<number>} MiB of JavaScript heap in use, after garbage collection
 */
async function liveHeapMb(pid, { BENCH_HEAP_FILE }) {
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

module.exports = { costTo, heapProbeEnvironment, liveHeapMb };
