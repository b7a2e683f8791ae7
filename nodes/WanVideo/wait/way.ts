import { type Way, waitFor } from '../descriptions/waitFor';
import { addHints } from '../run/hints';
import type { Run } from '../run/run';
import { parkingFault } from './parking';

/** The way to wait of this run: as chosen, if that is possible here. */
export function readWay(run: Run): Way {
	const { context, isTool } = run;
	const chosen = context.getNodeParameter(waitFor.name, 0, 'polling') as Way;
	// What an AI agent calls must answer it.
	if (chosen === 'polling' || isTool) return 'polling';
	const fault = parkingFault(context);
	if (fault === undefined) return chosen;
	addHints(context, [`The node waited by polling and did not park the execution: ${fault}`]);
	return 'polling';
}
