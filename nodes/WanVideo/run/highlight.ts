import type { IExecuteFunctions } from 'n8n-workflow';

/** n8n keeps 10 values of 512 characters beside an execution; some may be the workflow's own. */
const MAX_VALUE_CHARACTERS = 500;
const MAX_VALUES = 8;

/** Joins the names of tasks into as few values as possible. */
function valuesFor(tasks: string[]): string[] {
	const values: string[] = [];
	for (const [index, task] of tasks.entries()) {
		const joined = values.length > 0 ? `${values[values.length - 1]} ${task}` : task;
		if (values.length > 0 && joined.length <= MAX_VALUE_CHARACTERS) {
			values[values.length - 1] = joined;
		} else if (values.length < MAX_VALUES) {
			values.push(task.slice(0, MAX_VALUE_CHARACTERS));
		} else {
			return [...values, `and ${tasks.length - index} more, see the log of n8n`];
		}
	}
	return values;
}

/**
 * Names tasks in the saved execution, beside its data: where a user finds them although n8n shows no
 * output of the node, because the execution was stopped.
 */
export function highlightTasks({ customData }: IExecuteFunctions, tasks: string[]): void {
	for (const [index, value] of valuesFor(tasks).entries()) {
		customData?.set(index === 0 ? 'wanVideoTasks' : `wanVideoTasks${index + 1}`, value);
	}
}
