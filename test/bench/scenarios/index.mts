import * as batch from './batch.mts';
import * as alternatives from './alternatives.mts';
import * as polling from './polling.mts';
import * as callback from './callback.mts';
import * as download from './download.mts';
import * as packageScenario from './package.mts';
import * as queue from './queue.mts';
import type { Chart } from '../report/charts.mts';

interface Settings {
	/** the package as it would be published */
	tarball: string;
	/** the same, unpacked */
	packageDir: string;
	/** fewer repetitions and smaller sizes */
	isShort: boolean;
	log: (text: string) => void;
}

interface Result {
	/** everything that was measured */
	raw: unknown;
	marks: { what: string; mark: string; measured: string; isMet: boolean }[];
	tables: { caption: string; columns: string[]; rows: string[][] }[];
	charts: Chart[];
	notes: string[];
}

export type Scenario = {
	name: string;
	title: string;
	run: (settings: Settings) => Promise<Result>;
};

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
