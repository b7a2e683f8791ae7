import { type INode, type INodeParameters, type INodeTypes, Workflow } from 'n8n-workflow';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';
import * as documented from '../../support/model/documented.mts';
import { modeNamed } from '../support/requests.mts';
import { modeOf } from '../../../nodes/WanVideo/model/modes.ts';
import { standIn } from '../support/standIn.mts';

const nodeType = new WanVideo();

const nodeTypes = standIn<INodeTypes>({ getByNameAndVersion: () => nodeType });

/** The subtitle as n8n's editor evaluates it, without any items. @param saved as in a workflow file */
function subtitleOf(saved: INodeParameters, typeVersion = 1.1): unknown {
	const node: INode = {
		id: '1',
		name: 'Wan Video',
		type: 'n8n-nodes-apixo.wanVideo',
		typeVersion,
		position: [0, 0],
		parameters: {},
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	// The workflow fills in what is missing; here the node stays as it was saved.
	workflow.nodes[node.name].parameters = saved;
	return workflow.expression.getSimpleParameterValue(
		workflow.nodes[node.name],
		nodeType.description.subtitle,
		'internal',
		{},
		undefined,
		'filled in when it runs',
	);
}

const usd = (perSecond: string, seconds: number) =>
	`$${(Math.round(Number(perSecond) * seconds * 1e6) / 1e6).toFixed(6).replace(/0{1,4}$/, '')}`;

describe.each([1, 1.1])('the subtitle of a node of version %d', (version) => {
	const shown = (saved: INodeParameters) => subtitleOf(saved, version);

	test('of an untouched node names what it does, the mode and the price', () => {
		expect(shown({})).toBe('$0.50: Text to Video');
	});

	test.each(documented.PRICES)('gives the price of %s in %s, sound %s', (...row) => {
		const [mode, resolution, sound, price] = row;
		const { title } = modeOf(modeNamed(mode));
		const fields = { mode, resolution, ...(sound === undefined ? {} : { sound }) };
		for (const duration of [2, 3, 7, 10]) {
			const expected = `${usd(price, duration)}: ${title}`;
			expect(shown({ ...fields, duration })).toBe(expected);
			expect(shown({ operation: 'submit', ...fields, duration })).toBe(`Submit ${expected}`);
			expect(shown({ operation: 'estimateCost', ...fields, duration })).toBe(
				`Estimate Cost ${expected}`,
			);
		}
	});

	test.each(Object.entries(documented.MODES))(
		'goes by the defaults of %s where nothing else was saved',
		(mode, { defaultResolution }) => {
			const price = documented.PRICES.find(
				([one, resolution, sound]) =>
					one === mode && resolution === defaultResolution && sound !== false,
			)?.[3];
			const { title } = modeOf(modeNamed(mode));
			expect(shown({ mode })).toBe(`${usd(String(price), 5)}: ${title}`);
		},
	);

	test.each<[saved: INodeParameters, expected: string]>([
		[{ operation: 'get' }, 'Get'],
		[{ operation: 'wait', mode: 'text-to-video' }, 'Wait'],
		[{ resource: 'account' }, 'Get Balance'],
		[{ resource: 'account', operation: 'getBalance' }, 'Get Balance'],
		[{ duration: '5' }, '$0.50: Text to Video'],
		[{ duration: '', resolution: '', mode: '' }, '$0.50: Text to Video'],
	])('of %j is %s', (saved, expected) => expect(shown(saved)).toBe(expected));

	test.each<[what: string, saved: INodeParameters]>([
		['Mode', { mode: '={{ $json.mode }}' }],
		['Mode, from a node that is not there', { mode: '={{ $("Nowhere").item.json.mode }}' }],
		['a mode that there is not', { mode: 'video-to-text' }],
		['a mode with a name that every object has', { mode: 'constructor' }],
	])('with an expression as %s names the operation alone', (_, saved) => {
		expect(shown(saved)).toBe('Generate');
	});

	test.each<[what: string, saved: INodeParameters]>([
		['Resolution', { resolution: '={{ $json.resolution }}' }],
		['Duration', { duration: '={{ $json.seconds }}' }],
		['Duration, by an agent', { duration: "={{ $fromAI('duration', '', 'number') }}" }],
		['a resolution that there is not', { resolution: '4k' }],
		['a resolution with a name that every object has', { resolution: '__proto__' }],
		['a duration out of range', { duration: 16 }],
		['a duration with a fraction', { duration: 5.5 }],
		['a list', { duration: [5, 6] }],
	])('with an expression as %s tells no price', (_, saved) => {
		expect(shown(saved)).toBe('Text to Video');
		expect(shown({ operation: 'submit', ...saved })).toBe('Submit: Text to Video');
	});

	test('with an expression as Sound tells no price, if the mode has the switch', () => {
		const sound = '={{ $json.sound }}';
		expect(shown({ mode: 'image-to-video-flash', sound })).toBe('Image to Video (Flash)');
		expect(shown({ mode: 'image-to-video', sound })).toBe('$0.50: Image to Video');
	});

	test.each<[saved: INodeParameters]>([
		[{ operation: 'transcode' }],
		[{ resource: 'constructor' }],
		[{ resource: '={{ $json.r }}', operation: '={{ $json.o }}' }],
	])('of what the node does not have (%j) is empty', (saved) => expect(shown(saved)).toBe(''));
});

test('the subtitle ends where it should: n8n takes the first }} for its end', () => {
	expect(nodeType.description.subtitle?.match(/}}/g)).toHaveLength(1);
});
