import { NodeHelpers } from 'n8n-workflow';
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node.ts';

const { description } = new WanVideoTrigger();
const panel = (values) =>
	NodeHelpers.getNodeParameters(
		description.properties.filter(({ type }) => type !== 'notice'),
		values,
		true,
		false,
		{ typeVersion: 1 },
		description,
	);

test('an untouched trigger starts for every outcome', () => {
	expect(panel({})).toEqual({ events: ['success', 'failed'], download: false, options: {} });
});

test('it asks for a field when it downloads', () => {
	expect(panel({ download: true })).toMatchObject({ binaryPropertyName: 'data' });
});

test('everything that protects it is on unless switched off', () => {
	const { options } = description.properties.find(({ name }) => name === 'options');
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
