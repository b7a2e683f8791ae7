'use strict';

const { EventEmitter } = require('node:events');
const { built } = require('../built');
const { Turnstile } = built('callback/turnstile');

/** A clock that stands still until told. */
function clockOnCommand() {
	const sleepers = [];
	return {
		now: () => 0,
		sleep: async (ms) => await new Promise((resolve) => sleepers.push({ ms, resolve })),
		/** Wakes all that sleep. @returns {number[]} how long they meant to, in milliseconds */
		wake: () => sleepers.splice(0).map(({ ms, resolve }) => (resolve(), ms)),
	};
}

const settled = async () => await new Promise(setImmediate);

/** n8n's answer to a callback, which is out when it is closed. */
function response({ closed = false } = {}) {
	return Object.assign(new EventEmitter(), {
		closed,
		close() {
			this.closed = true;
			this.emit('close');
		},
	});
}

function scene(limit, count) {
	const clock = clockOnCommand();
	const turnstile = new Turnstile(limit, clock);
	const passed = [];
	const refused = [];
	const responses = Array.from({ length: count }, () => response());
	const come = async (index) => {
		(await turnstile.pass(responses[index])) ? passed.push(index) : refused.push(index);
	};
	responses.forEach((_, index) => void come(index));
	return { clock, turnstile, passed, refused, responses };
}

it('lets so many through, and the next when one has been answered, in order', async () => {
	const { passed, responses } = scene(2, 5);
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

it('turns away whose turn does not come while APIXO waits, and nobody waits for those', async () => {
	const { clock, turnstile, passed, refused, responses } = scene(1, 3);
	await settled();
	expect(clock.wake()).toEqual([20_000, 20_000]);
	await settled();
	expect([passed, refused]).toEqual([[0], [1, 2]]);
	responses[0].close();
	expect(await turnstile.pass(response())).toBe(true);
});

it('does not turn away whose turn came in time', async () => {
	const { clock, passed, refused, responses } = scene(1, 2);
	await settled();
	responses[0].close();
	clock.wake();
	await settled();
	expect([passed, refused]).toEqual([[0, 1], []]);
});

it('is not held by a caller that has gone', async () => {
	const turnstile = new Turnstile(1, clockOnCommand());
	expect(await turnstile.pass(response({ closed: true }))).toBe(true);
	expect(await turnstile.pass(response())).toBe(true);
});
