import { MODEL } from './model.mts';
import { priceInUnits, toUsd } from './prices.mts';
import { validate } from './validation.mts';
import type { Accounts } from './accounts.mts';
import type { Limits } from './limits.mts';
import type { Effects } from './misbehaviour.mts';
import type { SubmitBody } from './model.mts';
import type { Route } from './routes.mts';
import type { Settings } from './settings.mts';
import type { Task, Tasks } from './tasks.mts';

export interface Envelope {
	code: number;
	message: string;
	data: unknown;
}

/** A request, read. */
export interface Call extends Route {
	/** the API key */
	key?: string;
	contentType?: string;
	/** the header as sent */
	range?: string;
	/** parsed JSON; undefined when there is none or it does not parse */
	body?: unknown;
}

interface Reply {
	envelope: Envelope;
	/** the new task of an accepted submit */
	started?: Task;
}

/** An error. The envelope repeats the HTTP status. */
const refuse = (code: number, message: string): Reply => ({
	envelope: { code, message, data: null },
});
const accept = (data: unknown, started?: Task): Reply => ({
	envelope: { code: 200, message: 'success', data },
	started,
});

/** The documented behaviour of the API. */
export function createService(
	settings: Settings,
	{ accounts, tasks, limits }: { accounts: Accounts; tasks: Tasks; limits: Limits },
) {
	function submit(call: Call, key: string, effects: Effects): Reply {
		if (call.model !== MODEL) return refuse(404, `Unknown model: ${call.model}`);
		if (!/^application\/json\b/i.test(call.contentType ?? '')) {
			return refuse(400, 'Content-Type must be application/json');
		}
		const faults = validate(call.body, settings.extraInput);
		if (faults.length) return refuse(400, `Invalid request: ${faults.join('; ')}`);

		// Every field of it was checked just now.
		const request = call.body as SubmitBody;
		const { input, request_type: requestType } = request;
		const { mode, prompt } = input;
		const units = priceInUnits(input);
		if (!accounts.canPay(key, units)) return refuse(402, 'Insufficient balance');

		const callbackUrl = requestType === 'callback' ? request.callback_url : undefined;
		const facts = { key, mode, prompt, requestType, callbackUrl, usd: toUsd(units) };
		const { generationMs = settings.generationMs } = effects;
		const task = tasks.create(
			facts,
			typeof generationMs === 'function' ? generationMs(facts) : generationMs,
		);
		tasks.apply(task, effects);
		accounts.charge(units, { taskId: task.taskId, key, mode, at: task.createTime, request });
		return accept({ taskId: task.taskId }, task);
	}

	function status(call: Call, key: string, effects: Effects): Reply {
		if (call.model !== MODEL) return refuse(404, `Unknown model: ${call.model}`);
		if (!call.taskId) return refuse(400, 'taskId is required');
		const task = tasks.get(call.taskId);
		if (!task || task.key !== key) return refuse(404, `Task not found: ${call.taskId}`);
		tasks.apply(task, { never: effects.never });
		if (effects.fail) tasks.finish(task, { ...effects.fail, state: 'failed' });
		const data = tasks.data(task);
		if (effects.state) return accept({ ...data, state: effects.state });
		const isReplaced = effects.resultJson !== undefined && data.state === 'success';
		return accept(isReplaced ? { ...data, resultJson: effects.resultJson } : data);
	}

	/** @param effects those that concern the task itself are applied here */
	return function answer(call: Call, effects: Effects): Reply {
		const { key, kind } = call;
		if (!key) return refuse(401, 'Missing API key');
		if (!accounts.has(key)) return refuse(401, 'Invalid API key');
		const exceeded = limits.exceeded(key, kind);
		if (exceeded) return refuse(429, exceeded);
		if (kind === 'submit') return submit(call, key, effects);
		if (kind === 'status') return status(call, key, effects);
		if (kind === 'balance') return accept(accounts.balanceUsd(key));
		return refuse(404, `No such endpoint: ${call.method} ${call.path}`);
	};
}
