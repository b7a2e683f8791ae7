import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node.ts';
import { Panel, fieldsOf } from '../support/panel.mts';

const { description } = new WanVideoTrigger();
const trigger = new Panel(description);

test('an untouched trigger starts for every outcome', () => {
	expect(trigger.parameters({})).toEqual({
		events: ['success', 'failed'],
		download: false,
		options: {},
	});
});

test('it asks for a field when it downloads', () => {
	expect(trigger.parameters({ download: true })).toMatchObject({ binaryPropertyName: 'data' });
});

test('it says that failures go unheard where only finished videos start it', () => {
	const isTold = (events: string[]) =>
		trigger.fields({ events }).some(({ name }) => name === 'failuresNotice');
	expect([isTold(['success']), isTold(['failed']), isTold(['success', 'failed'])]).toEqual([
		true,
		false,
		false,
	]);
});

test('everything that protects it is on unless switched off', () => {
	const options = fieldsOf(trigger.field({}, 'options'));
	const switches = options.filter(({ type }) => type === 'boolean');
	expect(Object.fromEntries(switches.map(({ name, default: value }) => [name, value]))).toEqual({
		deduplicate: true,
		requireSignature: true,
		resumeWaiting: true,
		simplify: true,
		verify: true,
	});
});

test('it listens for one POST, and has a credential to ask APIXO with', () => {
	expect(description.webhooks).toEqual([expect.objectContaining({ httpMethod: 'POST' })]);
	expect(description.credentials).toEqual([{ name: 'apixoApi', required: true }]);
});

test('its test panel says how to try it, and how to use it', () => {
	const { triggerPanel } = description;
	const help = typeof triggerPanel === 'object' ? triggerPanel.executionsHelp : undefined;
	const { inactive, active } = typeof help === 'object' ? help : {};
	expect(inactive).toMatch(/<b>To try it:<\/b>.*<b>To use it:<\/b> publish the workflow/);
	expect(active).toMatch(/<b>To try it:<\/b>.*<b>The workflow is published:<\/b>/);
});
