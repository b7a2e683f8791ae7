import fs from 'node:fs';

const TICKS_PER_SECOND = 100;

/** @returns seconds of one core that a process used so far (Linux) */
export function cpuSecondsOf(pid: number): number {
	const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** @returns seconds that all cores of this machine worked so far, for any process (Linux) */
export function busySeconds(): number {
	const [line] = fs.readFileSync('/proc/stat', 'utf8').split('\n');
	const [user, nice, system, , , irq, softirq] = line.trim().split(/\s+/).slice(1).map(Number);
	return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}
