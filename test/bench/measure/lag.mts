/**
 * For each finished task, how long it was final before an answer told so.
 *
 * @param apixo the emulator
 * @returns milliseconds
 */
export function lagsOf(apixo: unknown): number[] {
	const completeTimes = new Map(
		apixo.tasks().map(({ taskId, completeTime }) => [taskId, completeTime]),
	);
	const noticed = new Map();
	for (const { taskId, at, endedAt } of apixo.requests({ kind: 'status' })) {
		const isTelling = at >= completeTimes.get(taskId);
		if (isTelling && !noticed.has(taskId)) noticed.set(taskId, endedAt);
	}
	return [...noticed].map(([taskId, at]) => at - completeTimes.get(taskId));
}
