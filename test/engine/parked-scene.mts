/** What tests of a parked execution share, whatever wakes it. */

import type { Emulator } from '../../emulator/index.mts';
import type { Outcome } from '../../emulator/tasks.mts';
import type { Execution, RunResult } from '../support/engine/index.mts';
import type { EmulatorOptions, PanelParameters, PlanOptions } from '../support/engine/wan.mts';
import { byPrompt, prompts, taskIdOf } from './batch.mts';
import { sceneWithN8n, type N8nScene } from './n8n-scene.mts';
import { until } from './until.mts';

/** Values of Wait For Result By with which the execution is parked. */
export const PARKING_WAYS = ['parked', 'callback'] as const;

export type ParkingWay = (typeof PARKING_WAYS)[number];

const names = ['one', 'two', 'three'];

export const three = { items: prompts(...names) };

export const taskIdsOf = (apixo: Emulator) => names.map((prompt) => taskIdOf(apixo, prompt));

export interface ParkedScene extends Omit<N8nScene, 'start'> {
	/** Starts an execution that the node parks; `extra` are further parameters of the node. */
	start: (way: ParkingWay, more?: PlanOptions, extra?: PanelParameters) => Execution;
	/**
	 * Ends all tasks and lets the execution go on, woken by their callbacks or at its time.
	 *
	 * @param failures by prompt; all others are successes
	 */
	outcomeOf: (execution: Execution, failures?: Record<string, Failure>) => Promise<RunResult>;
}

/** How a task ends that fails. */
type Failure = Required<Pick<Outcome, 'failCode' | 'failMsg'>>;

const FINAL_STATES = ['success', 'failed'];

/** A scene with an n8n that can park executions. Tasks are under way until `outcomeOf` ends them. */
export const parkedScene = <Row extends unknown[]>(
	body: (stage: ParkedScene, ...row: Row) => Promise<void>,
	settings: EmulatorOptions = {},
) =>
	sceneWithN8n(
		async (stage, ...row: Row) => {
			const { apixo, n8n, plan } = stage;
			const start: ParkedScene['start'] = (waitFor, more, extra = {}) =>
				n8n.start({ ...plan({ ...byPrompt, waitFor, ...extra }, more), mode: 'trigger' });
			async function outcomeOf(execution: Execution, failures: Record<string, Failure> = {}) {
				await execution.parked;
				while (execution.state !== 'finished') {
					const { resumed } = execution;
					const open = apixo.tasks().filter(({ state }) => !FINAL_STATES.includes(state));
					// Those that an earlier execution submitted report to that one.
					const isReported = open.some(({ callbackUrl }) =>
						callbackUrl?.includes(`/webhook-waiting/${execution.id}/`),
					);
					for (const { taskId, prompt = '' } of open) apixo.finish(taskId, failures[prompt]);
					if (!isReported) await execution.expire();
					await until(() => execution.resumed > resumed && execution.state !== 'running');
				}
				return await execution.final;
			}
			await body({ ...stage, start, outcomeOf }, ...row);
		},
		{ generationMs: Infinity, ...settings },
	);
