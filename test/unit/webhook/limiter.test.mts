import { EventEmitter } from 'node:events';
import { Turnstile } from '../../../nodes/WanVideo/callback/turnstile.ts';

/** A clock that stands still until told. */
function clockOnCommand() {
	const sleepers = [];
	return {
		now: () => 0,
		sleep: async (ms) => await new Promise((resolve) => sleepers.push({ ms, resolve })),
		/** Wakes all that sleep. @returns how long they meant to, in milliseconds */
		wake: (): number[] => sleepers.splice(0).map(({ ms, resolve }) => (resolve(), ms)),
	};
}

const settled = async () => await new Promise(setImmediate);

/** n8n's answer to a callback, which is closed when it is out, or the caller gone. */
function response() {
	return Object.assign(new EventEmitter(), {
		closed: false,
		close() {
			this.closed = true;
			this.emit('close');
		},
	});
}

/** So many callbacks that come at once. */
function crowd(limit, count) {
	const clock = clockOnCommand();
	const turnstile = new Turnstile(limit, clock);
	const passed = [];
	const responses = Array.from({ length: count }, () => response());
	responses.forEach((one, index) => void turnstile.pass(one).then(() => passed.push(index)));
	return { clock, turnstile, passed, responses };
}

it('lets so many through, and the next when one has been answered, in order', async () => {
	const { passed, responses } = crowd(2, 5);
	await settled();
	expect(passed).toEqual([0, 1]);
	responses[1].close();
	await settled();
	expect(passed).toEqual([0, 1, 2]);
	responses[0].close();
	responses[2].close();
	await settled();
	expect(passed).toEqual([0, 1, 2, 3, 4]);
});

it('lets one through after the other when their callers have gone, not all at once', async () => {
	const { clock, passed, responses } = crowd(1, 4);
	for (const one of responses.slice(1)) one.close();
	await settled();
	expect(passed).toEqual([0]);
	responses[0].close();
	await settled();
	expect(passed).toEqual([0, 1]);
	expect(clock.wake()).toEqual([2_000]);
	await settled();
	expect(passed).toEqual([0, 1, 2]);
});

it('is free again after a crowd', async () => {
	const { turnstile, passed, responses } = crowd(2, 3);
	for (const one of responses) {
		await settled();
		one.close();
	}
	for (const one of [response(), response(), response()]) {
		void turnstile.pass(one).then(() => passed.push('new'));
	}
	await settled();
	expect(passed).toEqual([0, 1, 2, 'new', 'new']);
});
