export interface PartOptions {
	/** the same seed gives the same story */
	seed: number;
	log: (text: string) => void;
}

export type Check = [what: string, isGood: boolean];

/** What a part of the campaign found. */
export interface Verdict {
	/** lines */
	report: string[];
	checks: Check[];
}
