import { stringify } from 'flatted';
import { readBinary } from './runtime.mts';

/** Reads the record of a run the way a person does: by node and output. */
export class RunResult {
	run: object;
	saved: object;
	workflow: object;

	/**
	 * @param run n8n's IRun as the engine returned it
	 * @param saved n8n's IRun as it went to the database (at a stop by the user: at that moment)
	 * @param workflow the workflow JSON that ran
	 */
	constructor(run: object, saved: object, workflow: object) {
		this.run = run;
		this.saved = saved;
		this.workflow = workflow;
	}

	/** `success`, `error`, `canceled` or `waiting`: what n8n's list of executions shows. */
	get status() {
		return this.saved.status;
	}

	/** What ended the execution, or undefined. */
	get error() {
		return this.run.data.resultData.error;
	}

	/** The task data of each time the node ran; empty if it never did. */
	taskData(nodeName) {
		return this.run.data.resultData.runData[nodeName] ?? [];
	}

	/** Whole items (json, binary, pairedItem) of the node's last run. */
	fullItems(nodeName, outputIndex = 0) {
		return this.taskData(nodeName).at(-1)?.data?.main?.[outputIndex] ?? [];
	}

	/** The json of the items of the node's last run. */
	items(nodeName, outputIndex = 0) {
		return this.fullItems(nodeName, outputIndex).map((item) => item.json);
	}

	/** The hints that the node's last run shows above its output. */
	hints(nodeName) {
		return this.taskData(nodeName).at(-1)?.hints ?? [];
	}

	/** The bytes of a binary field of an item. */
	async binary(item, field = 'data') {
		return await readBinary(item.binary[field]);
	}

	/** Everything that n8n stores of this run, as text: to look for what must not be in it. */
	get record() {
		return stringify([this.run, this.saved]);
	}
}
