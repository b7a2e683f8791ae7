import type { IExecuteFunctions, INode, IWorkflowDataProxyData } from 'n8n-workflow';
import type { Clock } from '../../../nodes/shared/clock.ts';
import { Run } from '../../../nodes/WanVideo/run/run.ts';
import { fakeClock } from './clock.mts';
import { NODE, logger, parametersOf } from './contexts.mts';
import { standIn } from './standIn.mts';

/** A run of the node over items with these parameters. */
export function runOver(
	parameters: Array<Record<string, unknown>>,
	onError: NonNullable<INode['onError']> = 'stopWorkflow',
	parts: Partial<IExecuteFunctions> = {},
	clock: Clock = fakeClock(),
	runIndex = 0,
): { run: Run; hints: string[]; lines: string[] } {
	const hints: string[] = [];
	const log = logger();
	const context = standIn<IExecuteFunctions>({
		getInputData: () => parameters.map(() => ({ json: {} })),
		getNodeParameter: parametersOf(...parameters),
		getNode: () => ({ ...NODE, onError }),
		continueOnFail: () => onError !== 'stopWorkflow',
		isToolExecution: undefined,
		addExecutionHints: (...added) => void hints.push(...added.map(({ message }) => message)),
		onExecutionCancellation: () => undefined,
		getExecutionId: () => '1',
		getMode: () => 'trigger',
		getWorkflowSettings: () => ({}),
		getWorkflowDataProxy: () => standIn<IWorkflowDataProxyData>({ $runIndex: runIndex }),
		getContext: () => ({}),
		logger: log.logger,
		...parts,
	});
	return { run: new Run(context, clock), hints, lines: log.lines };
}
