import * as alternatives from './alternatives.mts';
import * as batch from './batch.mts';
import * as callback from './callback.mts';
import * as download from './download.mts';
import * as packageScenario from './package.mts';
import * as polling from './polling.mts';
import * as queue from './queue.mts';
import type { Scenario } from '../scenario.mts';

/** In the order of the document */
export const SCENARIOS: Scenario[] = [
	batch,
	alternatives,
	polling,
	callback,
	download,
	packageScenario,
	queue,
];
