import fs from 'node:fs';
import path from 'node:path';
import type { Result } from '../scenario.mts';
import type { Machine } from './machine.mts';

/** The newest result of a scenario. */
export interface StoredResult extends Result {
	/** when it began, ISO 8601 */
	at: string;
	seconds: number;
	machine: Machine;
}

const fileOf = (folder: string, scenario: string) => path.join(folder, `${scenario}.json`);

export function writeResult(folder: string, scenario: string, result: StoredResult) {
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(fileOf(folder, scenario), JSON.stringify(result, null, '\t'));
}

/** @returns undefined if the scenario was not run yet */
export function readResult(folder: string, scenario: string): StoredResult | undefined {
	const file = fileOf(folder, scenario);
	// Nobody but `writeResult` writes there.
	return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
}
