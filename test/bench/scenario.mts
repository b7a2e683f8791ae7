import type { Chart } from './report/charts.mts';

export interface Settings {
	/** the package as it would be published */
	tarball: string;
	/** the same, unpacked */
	packageDir: string;
	/** fewer repetitions and smaller sizes */
	isShort: boolean;
	log: (text: string) => void;
}

export interface Mark {
	what: string;
	/** what was aimed at, e.g. `≤ 2 s` */
	mark: string;
	measured: string;
	isMet: boolean;
}

export interface Table {
	caption: string;
	columns: string[];
	rows: string[][];
}

export interface Result {
	/** everything that was measured */
	raw: unknown;
	marks: Mark[];
	tables: Table[];
	charts: Chart[];
	notes: string[];
}

export interface Scenario {
	name: string;
	title: string;
	run: (settings: Settings) => Promise<Result>;
}
