import * as documented from '../support/model/documented.mts';
import { openStage } from './support/shared-stage.mts';
import { unconnected } from '../../tools/editor/workflows.mts';
import type { INodeParameters } from 'n8n-workflow';
import type { Field, NodeView } from '../../tools/editor/node-view.mts';
import type { SharedStage } from './support/shared-stage.mts';

type Mode = keyof typeof documented.MODES;

/** In the order of the list. */
const TITLES: Array<[mode: Mode, title: string]> = [
	['text-to-video', 'Text to Video'],
	['image-to-video-flash', 'Image to Video (Flash)'],
	['image-to-video', 'Image to Video'],
	['reference-to-video-flash', 'Reference to Video (Flash)'],
	['reference-to-video', 'Reference to Video'],
];

/** The fields for the media that a mode needs. */
const MEDIA: Record<string, Field[]> = {
	image_urls: [['Image URL', '']],
	reference_urls: [
		['References From', 'Fields Below'],
		['References', undefined],
	],
};

const ADDITIONAL = [
	'Extra Input (JSON)',
	'Improve Prompt',
	'Negative Prompt',
	'Seed',
	'Shot Type',
	'Watermark',
];
const POLLING_OPTIONS = [
	'File Name',
	'First Poll Delay (Seconds)',
	'Max File Size (MB)',
	'Max Parallel Tasks',
	'Poll Interval (Seconds)',
	'Simplify',
	'Timeout (Minutes)',
];
const SUBMIT_OPTIONS = [
	'Check Media First',
	'Keep Balance Above (USD)',
	'Max Cost (USD)',
	'Reuse In Test Runs',
	'Sample Video In Test Runs',
];

/** The fields of Generate, with their defaults. */
const generatePanel = (mode: Mode, title: string, prompt: string): Field[] => {
	const { needs, isFlash, defaultResolution } = documented.MODES[mode];
	return [
		['Resource', 'Video'],
		['Operation', 'Generate'],
		['Mode', title],
		['Prompt From', 'Text'],
		['Prompt', prompt],
		...(needs === undefined ? [] : MEDIA[needs]),
		['Resolution', defaultResolution],
		['Duration (Seconds)', '5'],
		...(isFlash ? [['Sound', true] satisfies Field] : []),
		['Additional Fields', undefined],
		['Wait For Result By', 'Polling'],
		['Download Video', false],
		['Options', undefined],
	];
};

const REFERENCE = { url: 'https://example.com/a.png', kind: 'auto' };
const references = (count: number): INodeParameters => ({
	mode: 'reference-to-video',
	prompt: 'character1 waves',
	references: { reference: Array.from({ length: count }, () => REFERENCE) },
});

/** The nodes on the canvas, by name. */
const NODES: Record<string, INodeParameters> = {
	Generate: {},
	'By expression': { mode: '={{ $json.mode }}' },
	Submit: { operation: 'submit' },
	Get: { operation: 'get' },
	Wait: { operation: 'wait' },
	'No reference': references(0),
	'Five references': references(5),
	'Six references': references(6),
};

describe('the panel of Wan Video', () => {
	let stage: SharedStage;
	let openView: NodeView | undefined;

	beforeAll(async () => {
		stage = await openStage();
		const workflow = await stage.client.createWorkflow(unconnected(NODES, stage.credential));
		await stage.editor.open(workflow.id);
	});
	afterAll(async () => await stage?.close());

	afterEach(async () => {
		await openView?.close();
		openView = undefined;
		expect(stage.editor.problems).toEqual([]);
	});

	const open = async (name: string) => (openView = await stage.editor.openNode(name));
	const labels = async (view: NodeView) => (await view.fields()).map(([label]) => label);

	it('has exactly the fields of each mode, offers Audio URL once, and keeps the prompt', async () => {
		const view = await open('Generate');
		await view.input('prompt').fill('A fox in the rain');
		for (const [mode, title] of TITLES) {
			await view.select('mode', title);
			expect(await view.fields()).toEqual(generatePanel(mode, title, 'A fox in the rain'));
			expect(await view.offered('Additional Fields')).toEqual(['Audio URL', ...ADDITIONAL]);
		}
	});

	it('offers no Audio URL where the sound is off, and offers it again in other modes', async () => {
		const view = await open('Generate');
		await view.select('mode', 'Image to Video (Flash)');
		await view.field('Sound').locator('.el-switch').click();
		expect(await view.offered('Additional Fields')).toEqual(ADDITIONAL);
		await view.select('mode', 'Reference to Video (Flash)');
		expect(await view.offered('Additional Fields')).toEqual(ADDITIONAL);
		await view.select('mode', 'Text to Video');
		expect(await view.offered('Additional Fields')).toEqual(['Audio URL', ...ADDITIONAL]);
	});

	it('shows every field once when Mode is an expression', async () => {
		const view = await open('By expression');
		await view.field('Options').waitFor();

		expect(await labels(view)).toEqual([
			'Resource',
			'Operation',
			'Mode',
			'Prompt From',
			'Prompt',
			'Image URL',
			'References From',
			'References',
			'Resolution',
			'Duration (Seconds)',
			'Sound',
			'Additional Fields',
			'Wait For Result By',
			'Download Video',
			'Options',
		]);
		expect(await view.offered('Additional Fields')).toEqual(['Audio URL', ...ADDITIONAL]);
	});

	it('asks Submit for a callback URL only with Delivery by callback', async () => {
		const view = await open('Submit');
		expect((await labels(view)).slice(-2)).toEqual(['Delivery', 'Options']);
		expect(await view.offered('Options')).toEqual(SUBMIT_OPTIONS);
		await view.select('delivery', 'Callback');

		expect((await labels(view)).slice(-3)).toEqual(['Delivery', 'Callback URL', 'Options']);
		expect(await view.offered('Options')).toEqual(
			[...SUBMIT_OPTIONS, 'Context (JSON)', 'Resume Execution'].sort(),
		);
	});

	it.each([
		['Generate', [...POLLING_OPTIONS, ...SUBMIT_OPTIONS]],
		['Get', ['File Name', 'Max File Size (MB)', 'Simplify']],
		['Wait', POLLING_OPTIONS],
	])(
		'offers the options of %s, and a name for the file when it downloads',
		async (name, options) => {
			const view = await open(name);
			expect(await view.offered('Options')).toEqual([...options].sort());
			await view.field('Download Video').locator('.el-switch').click();
			await view.field('Output Data Field Name').waitFor();
		},
	);

	it.each([
		['Generate', '$0.50: Text to Video'],
		['Submit', 'Submit $0.50: Text to Video'],
		['Five references', '$1.50: Reference to Video'],
		['By expression', 'Generate'],
		['Get', 'Get'],
	])('shows on the canvas what %s makes, and for how much', async (name, subtitle) => {
		const [, ...lines] = (await stage.editor.node(name).innerText()).split('\n');
		expect(lines.filter((line) => line.trim() !== '')).toEqual([subtitle]);
	});

	it('tells the price of each resolution in its list', async () => {
		const view = await open('Five references');
		await view.parameters.getByTestId('parameter-input-resolution').click();
		for (const price of ['$0.20 per second', '$0.30 per second']) {
			await stage.editor.page.getByRole('option').getByText(price, { exact: true }).waitFor();
		}
	});

	it.each([
		['Get', ['Task ID', 'Download Video']],
		['Wait', ['Task ID', 'Wait For Result By', 'Download Video']],
	])('asks %s for a task', async (name, fields) => {
		const view = await open(name);
		expect((await labels(view)).slice(2, 2 + fields.length)).toEqual(fields);
	});

	it.each([
		['Generate', ['Polling', 'Parked Polling', 'Callback']],
		['Wait', ['Polling', 'Parked Polling']],
	])('offers the ways to wait of %s, none of them cut off', async (name, ways) => {
		const view = await open(name);
		await view.parameters.getByTestId('parameter-input-waitFor').click();
		const options = stage.editor.page.getByRole('option').filter({ visible: true });
		await options.first().waitFor();
		const titles = (await options.allInnerTexts()).map((text) => text.split('\n')[0]);
		expect(titles).toEqual(ways);
		const cut = await options.evaluateAll((entries) =>
			entries
				.flatMap((entry) => [...entry.querySelectorAll<HTMLElement>('*')])
				.filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
				.map(({ innerText }) => innerText),
		);
		expect(cut).toEqual([]);
		await stage.editor.page.keyboard.press('Escape');
	});

	it.each([
		['No reference', 'At least 1 field is required.'],
		['Six references', 'At most 5 fields are allowed.'],
	])('marks a node with %s', async (name, issue) => {
		await stage.editor.node(name).getByTestId('node-issues').hover();
		await stage.editor.page.getByText(issue).first().waitFor();
	});

	it('finds nothing wrong with five references', async () => {
		expect(await stage.editor.node('Five references').getByTestId('node-issues').count()).toBe(0);
	});
});
