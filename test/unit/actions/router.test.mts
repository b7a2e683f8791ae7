import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';
import { findOperation, nodeProperties } from '../../../nodes/WanVideo/actions/router.ts';
import { choicesOf } from '../support/panel.mts';

/** Resource and operation of each entry in the lists. */
const offers = nodeProperties
	.filter(({ name }) => name === 'operation')
	.flatMap((list) =>
		choicesOf(list).map(({ value }) => [list.displayOptions?.show?.resource?.[0], value]),
	);

test('every operation that is offered can be run', () => {
	expect(new WanVideo().description.properties).toBe(nodeProperties);
	expect(offers).toHaveLength(6);
	for (const [resource, operation] of offers) {
		expect(findOperation(resource, operation)?.execute).toBeInstanceOf(Function);
	}
});

test.each([
	['video', 'getBalance'],
	['audio', 'generate'],
	['video', '__proto__'],
	['constructor', 'generate'],
	[undefined, undefined],
	[{}, []],
])('there is no operation %j, %j', (resource, operation) => {
	expect(findOperation(resource, operation)).toBeUndefined();
});
