import { EventEmitter } from 'node:events';
import { CallbackLimiter } from '../../../nodes/WanVideo/webhook/limiter.ts';
import { settled, stoppedClock } from '../support/clock.mts';

/** n8n's response to a callback, which is closed when it is out, or the caller gone. */
class Response extends EventEmitter {
	closed = false;

	close() {
		this.closed = true;
		this.emit('close');
	}
}

/** So many callbacks that come at once. */
function callbacks(limit: number, count: number) {
	const clock = stoppedClock();
	const limiter = new CallbackLimiter(limit);
	const admitted: Array<number | string> = [];
	/** A callback that comes now. */
	const come = (name: number | string) => {
		const one = new Response();
		void limiter.admit(one, clock).then(() => admitted.push(name));
		return one;
	};
	const responses = Array.from({ length: count }, (_, index) => come(index));
	return { clock, admitted, responses, come };
}

test('admits so many, and the next when one has been answered, in order', async () => {
	const { admitted, responses } = callbacks(2, 5);
	await settled();
	expect(admitted).toEqual([0, 1]);
	responses[1].close();
	await settled();
	expect(admitted).toEqual([0, 1, 2]);
	responses[0].close();
	responses[2].close();
	await settled();
	expect(admitted).toEqual([0, 1, 2, 3, 4]);
});

test('admits one after the other when their callers have gone, not all at once', async () => {
	const { clock, admitted, responses } = callbacks(1, 4);
	for (const one of responses.slice(1)) one.close();
	await settled();
	expect(admitted).toEqual([0]);
	responses[0].close();
	await settled();
	expect(admitted).toEqual([0, 1]);
	expect(clock.wake()).toEqual([2_000]);
	await settled();
	expect(admitted).toEqual([0, 1, 2]);
});

test('is free again after many callbacks', async () => {
	const { come, admitted, responses } = callbacks(2, 3);
	for (const one of responses) {
		await settled();
		one.close();
	}
	for (const name of ['new', 'new', 'new']) come(name);
	await settled();
	expect(admitted).toEqual([0, 1, 2, 'new', 'new']);
});
