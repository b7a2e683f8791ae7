import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { DurationHistory } from '../../../nodes/WanVideo/tasks/durations.ts';
import type * as polling from '../../../nodes/WanVideo/tasks/polling.ts';
import type * as schedule from '../../../nodes/WanVideo/tasks/schedule.ts';

type WaitingCode = Pick<typeof polling, 'waitUntilFinal'> &
	Pick<typeof schedule, 'fixedSchedule' | 'learningSchedule'> & {
		DurationHistory: new (
			context: Pick<IExecuteFunctions, 'getWorkflowStaticData'>,
		) => DurationHistory;
	};

const load = createRequire(import.meta.url);

/**
 * The node's own code that waits for tasks, as built.
 *
 * @param packageDir a package of the layout that this repository has now
 */
export function loadWaitingCode(packageDir: string): WaitingCode {
	const folder = path.join(packageDir, 'dist/nodes/WanVideo/tasks');
	if (!fs.existsSync(folder)) {
		throw new Error('The simulation needs a package with dist/nodes/WanVideo/tasks: see README.md');
	}
	const { waitUntilFinal } = load(path.join(folder, 'polling.js'));
	const { fixedSchedule, learningSchedule } = load(path.join(folder, 'schedule.js'));
	const { DurationHistory } = load(path.join(folder, 'durations.js'));
	return { waitUntilFinal, fixedSchedule, learningSchedule, DurationHistory };
}
