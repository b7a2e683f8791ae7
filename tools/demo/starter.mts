import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { isAlive } from '../shared/lock.mts';

/** @returns undefined where it cannot be found out */
function parentOf(pid: number): number | undefined {
	try {
		// The name before may hold anything, a bracket too.
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return Number(parent);
	} catch {
		try {
			return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
		} catch {
			return undefined;
		}
	}
}

/**
 * Whether whoever started this process has ended. npm starts a shell that starts us, and neither
 * passes it on when npm alone is killed.
 */
export function watchStarter(): () => boolean {
	const parent = process.ppid;
	const grandparent = parentOf(parent);
	return () => process.ppid !== parent || (grandparent !== undefined && !isAlive(grandparent));
}
