import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as run from '../../../nodes/WanVideo/run/run.ts';
import type * as waiting from '../../../nodes/WanVideo/wait/waitForItems.ts';

type WaitingCode = Pick<typeof run, 'Run'> & Pick<typeof waiting, 'waitForItems'>;

const load = createRequire(import.meta.url);

/**
 * The node's own code that waits for tasks, as built.
 *
 * @param packageDir a package of the layout that this repository has now
 */
export function loadWaitingCode(packageDir: string): WaitingCode {
	const folder = path.join(packageDir, 'dist/nodes/WanVideo');
	if (!fs.existsSync(path.join(folder, 'wait'))) {
		throw new Error('The simulation needs a package with dist/nodes/WanVideo/wait: see README.md');
	}
	const { Run } = load(path.join(folder, 'run/run.js'));
	const { waitForItems } = load(path.join(folder, 'wait/waitForItems.js'));
	return { Run, waitForItems };
}
