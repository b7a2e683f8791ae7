import { ASKS_A_PERSON, type Stop, type Story } from './story.mts';
import { countOf, promptOf } from './workflow.mts';

/** Kinds of stops that pay for videos. */
const PAYING = ['wan', 'wan parked', 'sub-workflow'];

/** How a story has to end, by what was drawn. */
export interface Expected {
	status: 'success' | 'error' | 'waiting';
	/** how often each stop is passed */
	passes: number[];
	/** what is paid for */
	prompts: string[];
	/** prompts of what comes in one run whose first failure ends all */
	stopped: string[];
}

export const isPaying = ({ kind }: Stop): boolean => PAYING.includes(kind);

export function expectedOf({ stops, loops = 1 }: Story): Expected {
	const passes = stops.map(() => 0);
	const prompts: string[] = [];
	const end = (status: Expected['status'], stopped: string[] = []) => ({
		status,
		passes,
		prompts,
		stopped,
	});
	for (let pass = 0; pass < loops; pass += 1) {
		for (const [index, stop] of stops.entries()) {
			if (ASKS_A_PERSON.includes(stop.kind) && !stop.isCalled) return end('waiting');
			if (isPaying(stop)) {
				const { fates } = stop.passes[pass];
				const own = Array.from({ length: countOf(stop) }, (_, item) => promptOf(index, pass, item));
				prompts.push(...own);
				const fails = fates.filter((fate) => fate.fails).length;
				if (fails > 0 && stop.onError === 'stopWorkflow') return end('error', own);
				if (fails === fates.length && stop.onError === 'continueErrorOutput') return end('success');
			}
			passes[index] += 1;
		}
	}
	return end('success');
}
