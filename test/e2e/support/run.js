const { outputItems } = require('../harness');

/**
 * One execution on a stage.
 *
 * @typedef {object} Run
 * @property {string} id
 * @property {string} workflowId
 * @property {() => Promise<any>} now the execution as it is
 * @property {() => Promise<any>} parked waits until it waits in the database
 * @property {(timeoutMs?: number) => Promise<any>} final waits until it has ended
 */

/** @returns {Run} */
const runOf = (client, workflowId, id) => ({
	id,
	workflowId,
	now: async () => await client.execution(id),
	parked: async () => await client.waitForExecution(id, { status: 'waiting' }),
	final: async (timeoutMs) => await client.waitForExecution(id, { timeoutMs }),
});

/** @returns {object[]} json of the items that a node put out */
const jsonOf = (execution, nodeName, output) =>
	outputItems(execution, nodeName, output).map(({ json }) => json);

/** @returns {number[]} which input item each of them came from */
const pairsOf = (execution, nodeName, output) =>
	outputItems(execution, nodeName, output).map(({ pairedItem }) => pairedItem.item ?? pairedItem);

module.exports = { runOf, jsonOf, pairsOf };
