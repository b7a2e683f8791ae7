import { validate } from './validation.mts';
import { priceInUnits, toUsd } from './prices.mts';
import type { Accounts } from './accounts.mts';
import type { Tasks } from './tasks.mts';
import type { Limits } from './limits.mts';

const MODEL = 'wan-2-6-video';

export type Envelope = { code: number; message: string; data: unknown };

/** An answer that is an error. The envelope repeats the HTTP status. */
const refuse = (code, message) => ({ code, message, data: null });
const accept = (data) => ({ code: 200, message: 'success', data });

/** The documented behaviour of the API: every call gives an envelope. */
export function createService(
	settings: { generationMs: number | ((...args: unknown[]) => unknown) },
	{ accounts, tasks, limits }: { accounts: Accounts; tasks: Tasks; limits: Limits },
) {
	/** @param effects misbehaviour that concerns the task itself */
	function submit(call: object, effects: object) {
		if (call.model !== MODEL) return refuse(404, `Unknown model: ${call.model}`);
		if (!/^application\/json\b/i.test(call.contentType ?? '')) {
			return refuse(400, 'Content-Type must be application/json');
		}
		const faults = validate(call.body);
		if (faults.length) return refuse(400, `Invalid request: ${faults.join('; ')}`);

		const { input, request_type: requestType, callback_url: callbackUrl } = call.body;
		const units = priceInUnits(input);
		if (!accounts.canPay(call.key, units)) return refuse(402, 'Insufficient balance');

		const { mode, prompt } = input;
		const facts = {
			key: call.key,
			mode,
			prompt,
			requestType,
			usd: toUsd(units),
			request: call.body,
		};
		if (requestType === 'callback') facts.callbackUrl = callbackUrl;
		const task = tasks.create(facts, effects.generationMs ?? settings.generationMs);
		tasks.destine(task, effects);
		accounts.charge(units, { ...task, at: task.createTime });
		return accept({ taskId: task.taskId });
	}

	function status(call, effects) {
		if (call.model !== MODEL) return refuse(404, `Unknown model: ${call.model}`);
		if (!call.taskId) return refuse(400, 'taskId is required');
		const task = tasks.get(call.taskId);
		if (!task || task.key !== call.key) return refuse(404, `Task not found: ${call.taskId}`);
		tasks.destine(task, { never: effects.never });
		if (effects.fail) tasks.finish(task, { ...effects.fail, state: 'failed' });
		const data = tasks.data(task);
		if (effects.state) return accept({ ...data, state: effects.state });
		if (effects.resultJson !== undefined && data.state === 'success')
			data.resultJson = effects.resultJson;
		return accept(data);
	}

	const endpoints = {
		submit,
		status,
		balance: (call) => accept(accounts.balanceUsd(call.key)),
		other: (call) => refuse(404, `No such endpoint: ${call.method} ${call.path}`),
	};

	return function answer(call, effects): Envelope {
		if (!call.key) return refuse(401, 'Missing API key');
		if (!accounts.has(call.key)) return refuse(401, 'Invalid API key');
		const exceeded = limits.exceeded(call.key, call.kind);
		return exceeded ? refuse(429, exceeded) : endpoints[call.kind](call, effects);
	};
}
