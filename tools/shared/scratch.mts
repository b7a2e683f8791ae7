import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from './lock.mts';

/** The owner's process ID is in the name: the next run removes what a killed one left behind. */
function removeAbandoned(parent: string) {
	for (const name of fs.readdirSync(parent)) {
		if (!isAlive(Number(name.split('-')[0]))) {
			fs.rmSync(path.join(parent, name), { recursive: true, force: true });
		}
	}
}

/**
 * Makes an empty folder for this process alone, outside of the repository: there, an installed
 * package would find the repository's own node_modules, which users do not have.
 *
 * @param kind groups folders of one purpose
 * @returns its path; a later run removes it once this process has ended
 */
export function scratchFolder(kind: string): string {
	const parent = path.join(os.tmpdir(), 'n8n-nodes-apixo', kind);
	fs.mkdirSync(parent, { recursive: true });
	removeAbandoned(parent);
	return fs.mkdtempSync(path.join(parent, `${process.pid}-`));
}
