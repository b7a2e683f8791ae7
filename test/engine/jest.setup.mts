import { removeHome } from '../support/engine/index.mts';

// n8n's sleep() cannot be ended before its time. What a node slept for when its run was over must
// not keep the test process alive.
const { setTimeout: startTimer } = globalThis;
globalThis.setTimeout = Object.assign(
	(...args: Parameters<typeof startTimer>) => startTimer(...args).unref(),
	startTimer,
);

afterAll(removeHome);
