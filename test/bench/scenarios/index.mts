import * as alternatives from './alternatives.mts';
import * as batch from './batch.mts';
import * as callback from './callback.mts';
import * as download from './download.mts';
import * as media from './media.mts';
import * as packageScenario from './package.mts';
import * as parking from './parking.mts';
import * as polling from './polling.mts';
import * as queue from './queue.mts';
import * as slots from './slots.mts';
import type { Scenario } from '../scenario.mts';

/** In the order of the document */
export const SCENARIOS: Scenario[] = [
	batch,
	alternatives,
	polling,
	parking,
	callback,
	download,
	media,
	packageScenario,
	queue,
	slots,
];
