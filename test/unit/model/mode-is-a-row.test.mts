import { createRequire } from 'node:module';
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { IMAGE } from '../../../nodes/WanVideo/media/image.ts';
import { MEDIA_URL_HINT } from '../../../nodes/WanVideo/media/mediaUrl.ts';
import { type Medium, NO_MEDIUM } from '../../../nodes/WanVideo/media/medium.ts';
import { fileNameField, readOneFile, sourceField } from '../../../nodes/WanVideo/media/oneFile.ts';
import { REFERENCES } from '../../../nodes/WanVideo/media/references.ts';
import { MODES, type Mode } from '../../../nodes/WanVideo/model/modes.ts';
import { required } from '../../support/required.mts';
import { panel as panelContext } from '../support/contexts.mts';
import { Panel, choicesOf, fieldsOf } from '../support/panel.mts';
import { checkPrice, modeNamed } from '../support/requests.mts';
import { failureOf, valueOf } from '../support/results.mts';
import { runOver } from '../support/run.mts';
import { BASE_URL } from '../support/service.mts';

/*
 * To add a mode is to add a row. Here rows are added before anything has read the table, and
 * everything must follow: panel, validation, request, price, and when to poll.
 */

const videoUrl: INodeProperties = {
	displayName: 'Video URL',
	name: 'videoUrl',
	type: 'string',
	required: true,
	default: '',
	hint: MEDIA_URL_HINT,
};

const source = sourceField('Video From', 'videoSource');
const field = fileNameField('Video Input Field Name', 'videoBinaryProperty');

/** A medium that the service does not have. */
const VIDEO: Medium = {
	fields: [
		videoUrl,
		{ displayName: 'Part', name: 'part', type: 'string', default: 'all', description: 'Which' },
	],
	promptField: { placeholder: 'e.g. make it night' },
	read: (parameters, allowLocal, findings) => ({
		video_urls: readOneFile(
			{ source, url: videoUrl, field, title: 'The video', kind: 'video' },
			parameters,
			allowLocal,
			findings,
		),
	}),
};

/** Millionths of a dollar per second. */
const flat = (millionths: number) => ({ withSound: millionths, silent: millionths });

const MADE_UP: Record<string, Mode> = {
	'text-to-video-mini': {
		title: 'Text to Video (Mini)',
		description: 'Small and short',
		medium: NO_MEDIUM,
		hasSoundSwitch: false,
		durationSeconds: { min: 2, max: 4 },
		defaultResolution: '480p',
		price: { '480p': flat(20_000), '720p': flat(40_000) },
		firstPollSeconds: 10,
	},
	'text-to-video-cinema': {
		title: 'Text to Video (Cinema)',
		description: 'Long, and only in full size',
		medium: NO_MEDIUM,
		hasSoundSwitch: true,
		durationSeconds: { min: 20, max: 30 },
		defaultResolution: '1080p',
		price: { '1080p': { withSound: 400_000, silent: 300_000 } },
		firstPollSeconds: 120,
	},
	'image-to-video-burst': {
		title: 'Image to Video (Burst)',
		description: 'One image, in full size',
		medium: IMAGE,
		hasSoundSwitch: true,
		durationSeconds: { min: 6, max: 8 },
		defaultResolution: '1080p',
		price: { '1080p': { withSound: 90_000, silent: 12_500 } },
		firstPollSeconds: 30,
	},
	'image-to-video-twin': { ...MODES['image-to-video'], title: 'Image to Video (Twin)' },
	'reference-to-video-still': {
		...MODES['reference-to-video'],
		title: 'Reference to Video (Still)',
		durationSeconds: { min: 3, max: 3 },
	},
	'video-to-video': {
		title: 'Video to Video',
		description: 'Changes a video',
		medium: VIDEO,
		hasSoundSwitch: false,
		durationSeconds: { min: 5, max: 12 },
		defaultResolution: '720p',
		price: { '480p': flat(50_000), '720p': flat(100_000), '1080p': flat(150_000) },
		firstPollSeconds: 60,
	},
};

const taken = Object.keys(MADE_UP).filter((name) => Object.hasOwn(MODES, name));
if (taken.length > 0) throw new Error(`Real modes by now, so rename the made-up ones: ${taken}`);

// Jest loads all modules anew for each test file, so no other one sees these rows.
Object.assign(MODES, MADE_UP);

const load = createRequire(import.meta.url);
const nodes = '../../../nodes/WanVideo';
const { WanVideo }: typeof import('../../../nodes/WanVideo/WanVideo.node.ts') = load(
	`${nodes}/WanVideo.node.ts`,
);
const { findOperation }: typeof import('../../../nodes/WanVideo/actions/router.ts') = load(
	`${nodes}/actions/router.ts`,
);
const { planRequest }: typeof import('../../../nodes/WanVideo/run/plans.ts') = load(
	`${nodes}/run/plans.ts`,
);
const { RunFiles }: typeof import('../../../nodes/WanVideo/run/itemFiles.ts') = load(
	`${nodes}/run/itemFiles.ts`,
);
const { ItemReader }: typeof import('../../../nodes/WanVideo/run/itemReader.ts') = load(
	`${nodes}/run/itemReader.ts`,
);
const { priceOf }: typeof import('../../../nodes/WanVideo/model/price.ts') = load(
	`${nodes}/model/price.ts`,
);
const { learningSchedule }: typeof import('../../../nodes/WanVideo/tasks/schedule.ts') = load(
	`${nodes}/tasks/schedule.ts`,
);

const table: Record<string, Mode> = MODES;
const ROWS = Object.entries(table);
const node = new Panel(new WanVideo().description);
const BY_EXPRESSION = '={{ $json.mode }}';

interface MediumFacts {
	/** Fields that are shown. */
	shown: string[];
	/** Those of them that must be filled in. */
	required: string[];
	/** A panel in which they are. */
	filled: INodeParameters;
	/** What the service is then sent. */
	sent: Record<string, string[]>;
	/** What is wrong if nothing is filled in. */
	missing: string[];
	placeholder: RegExp;
}

const png = 'https://example.com/a.png';
const mp4 = 'https://example.com/a.mp4';

const FACTS = new Map<Medium, MediumFacts>([
	[
		NO_MEDIUM,
		{ shown: [], required: [], filled: {}, sent: {}, missing: [], placeholder: /cinematic fox/ },
	],
	[
		IMAGE,
		{
			shown: ['imageSource', 'imageUrl'],
			required: ['imageUrl'],
			filled: { imageUrl: png },
			sent: { image_urls: [png] },
			missing: ['Image URL is empty'],
			placeholder: /cinematic fox/,
		},
	],
	[
		REFERENCES,
		{
			shown: ['referenceSource', 'references'],
			required: ['references'],
			filled: { references: { reference: [{ url: png, kind: 'auto' }] } },
			sent: { reference_urls: [png] },
			missing: ['References is empty: this Mode needs 1 to 5 images or videos'],
			placeholder: /character1/,
		},
	],
	[
		VIDEO,
		{
			shown: ['videoUrl', 'part'],
			required: ['videoUrl'],
			filled: { videoUrl: mp4 },
			sent: { video_urls: [mp4] },
			missing: ['Video URL is empty'],
			placeholder: /make it night/,
		},
	],
]);

const factsOf = ({ medium }: Mode): MediumFacts => required(FACTS.get(medium), 'medium');

/** Shown in every mode. */
const PANEL = [
	...['resource', 'operation', 'mode', 'promptFrom', 'prompt'],
	...['resolution', 'duration', 'additionalFields'],
];

const sorted = (...lists: string[][]) => lists.flat().sort();
const namesIn = (values: INodeParameters) => Object.keys(node.parameters(values)).sort();
const soundOf = ({ hasSoundSwitch }: Mode) => (hasSoundSwitch ? ['sound'] : []);

/** No execution before has begun anything. */
const NOTHING_SUBMITTED = { doubtAbout: () => undefined };

/** What a run makes of one item with these parameters. */
async function plan(parameters: INodeParameters) {
	const reader = new ItemReader(panelContext(parameters), 0);
	const decrypted = { apiKey: 'sk-apixo-1' };
	const credential = { ...decrypted, baseUrl: BASE_URL, decrypted };
	const files = new RunFiles(runOver([parameters]).run, credential);
	return reader.result(await planRequest(reader, credential, files, NOTHING_SUBMITTED));
}

test('the table holds real rows and made-up ones', () => {
	expect(ROWS.length).toBeGreaterThan(Object.keys(MADE_UP).length);
	expect(ROWS.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(MADE_UP)));
});

describe.each(ROWS)('in %s', (mode, row) => {
	const { title, price, durationSeconds, defaultResolution, hasSoundSwitch } = row;
	const { min, max } = durationSeconds;
	const facts = factsOf(row);
	const resolutions = Object.keys(price);
	const closestTo5 = Math.max(min, Math.min(5, max));
	const item = { mode, prompt: 'a fox', ...facts.filled };

	test('the mode can be chosen', () => {
		const { description } = row;
		const choices = choicesOf(node.field({}, 'mode'));
		expect(choices).toContainEqual({ name: title, value: mode, description });
	});

	test.each([
		['generate', ['waitFor', 'download', 'options']],
		['submit', ['delivery', 'options']],
	])('%s shows what the mode needs, and no more', (operation, others) => {
		expect(namesIn({ operation, mode })).toEqual(sorted(PANEL, facts.shown, soundOf(row), others));
	});

	test('what is required and empty is marked before anything runs', () => {
		expect(node.missing({ mode })).toEqual(sorted(['prompt'], facts.required));
	});

	test('the example of a prompt fits', () => {
		expect(node.field({ mode }, 'prompt').placeholder).toMatch(facts.placeholder);
	});

	test('the resolutions are those that have a price', () => {
		const field = node.field({ mode }, 'resolution');
		expect(choicesOf(field).map(({ value }) => value)).toEqual(resolutions);
		expect(field.default).toBe(defaultResolution);
		expect(node.parameters({ mode }).resolution).toBe(defaultResolution);
	});

	test('each resolution tells its price', () => {
		const told = choicesOf(node.field({ mode }, 'resolution')).map(({ description }) =>
			[...String(description).matchAll(/\$([\d.]+)/g)].map(([, usd]) => Math.round(+usd * 1e6)),
		);
		expect(told).toEqual(
			Object.values(price).map(({ withSound, silent }) =>
				hasSoundSwitch ? [withSound, silent] : [withSound],
			),
		);
	});

	test('the duration keeps within its range, and names it', () => {
		const { typeOptions, description, default: fallback } = node.field({ mode }, 'duration');
		expect([typeOptions?.minValue, typeOptions?.maxValue]).toEqual([min, max]);
		expect(fallback).toBe(closestTo5);
		expect(description).toContain(`${min} to ${max}`);
	});

	test('Estimate Cost shows what the price depends on', () => {
		expect(namesIn({ operation: 'estimateCost', mode })).toEqual(
			sorted(['resource', 'operation', 'mode', 'resolution', 'duration', 'total'], soundOf(row)),
		);
	});

	test('audio can be added unless sound is off', () => {
		expect(node.offered({ mode }, 'additionalFields')).toContain('audioUrl');
		const isOffered = node.offered({ mode, sound: false }, 'additionalFields').includes('audioUrl');
		expect(isOffered).toBe(!hasSoundSwitch);
	});

	test('the untouched panel passes its own check, once what is required is filled in', async () => {
		const { request, facts: output } = valueOf(await plan(node.parameters(item)));
		expect(request).toEqual({
			mode,
			prompt: 'a fox',
			resolution: defaultResolution,
			duration: closestTo5,
			...(hasSoundSwitch ? { sound: true } : {}),
			...facts.sent,
		});
		const usd = (price[defaultResolution].withSound * closestTo5) / 1e6;
		expect(output).toEqual({ mode, estimatedCostUsd: usd });
	});

	test('durations within the range are accepted, others are refused', async () => {
		const wrong = `Duration (Seconds) must be a whole number from ${min} to ${max} in the mode ${title}`;
		for (const duration of [min, max]) {
			expect(valueOf(await plan({ ...item, duration })).request.duration).toBe(duration);
		}
		for (const duration of [min - 1, max + 1, min + 0.5]) {
			const { message } = failureOf(await plan({ ...item, duration }));
			expect(message).toBe(`${wrong}, but is ${duration}`);
		}
	});

	test('a storyboard is as long as the mode allows, and no longer', async () => {
		const shots = (...seconds: number[]) => ({
			...item,
			promptFrom: 'shots',
			shots: { shot: seconds.map((one) => ({ text: 'a fox', seconds: one })) },
		});
		expect(valueOf(await plan(shots(1, max - 1))).request.duration).toBe(max);
		const wrong = `The seconds of the shots add up to ${max + 1}, but in the mode ${title} must be ${min} to ${max}`;
		expect(failureOf(await plan(shots(1, max))).message).toBe(`${wrong}: Shot 2 does not fit`);
	});

	test('resolutions without a price are refused', async () => {
		for (const resolution of ['480p', '720p', '1080p', '4k']) {
			const planned = await plan({ ...item, resolution });
			if (resolutions.includes(resolution)) {
				expect(valueOf(planned).request.resolution).toBe(resolution);
			} else {
				const wrong = `Resolution must be ${resolutions.join(' or ')}, but is "${resolution}"`;
				expect(failureOf(planned).message).toBe(wrong);
			}
		}
	});

	test('a request without its medium is refused', async () => {
		const planned = await plan({ mode, prompt: 'a fox' });
		if (facts.missing.length === 0) expect(planned.ok).toBe(true);
		else expect(failureOf(planned).message).toBe(facts.missing.join('; '));
	});

	test('media of other modes stay out of the request', async () => {
		const everything = [...FACTS.values()].map(({ filled }) => filled);
		const { request } = valueOf(await plan({ ...Object.assign({}, ...everything), ...item }));
		const media = Object.keys(request).filter((name) => name.endsWith('_urls'));
		expect(media).toEqual(Object.keys(facts.sent));
	});

	/** Every request that has a price of its own, with its price per second in millionths. */
	const priced = resolutions.flatMap((resolution) =>
		[min, max].flatMap((duration) => [
			{ resolution, duration, sound: true, millionths: price[resolution].withSound },
			{ resolution, duration, sound: false, millionths: price[resolution].silent },
		]),
	);

	test('the price is that of the row', () => {
		for (const { millionths, ...parameters } of priced) {
			const checked = checkPrice({ mode, ...parameters });
			const request = required(checked.request, 'request');
			expect(request.sound).toBe(hasSoundSwitch ? parameters.sound : undefined);
			const perSecond = request.sound === false ? millionths : price[request.resolution].withSound;
			expect(priceOf(request)).toEqual({
				unitPriceUsd: perSecond / 1e6,
				estimatedCostUsd: (perSecond * parameters.duration) / 1e6,
			});
		}
	});

	test('Estimate Cost gives it', async () => {
		const estimateCost = required(findOperation('video', 'estimateCost'), 'operation');
		const { run } = runOver(priced.map(({ millionths: _, ...rest }) => ({ mode, ...rest })));
		expect(await estimateCost.execute(run)).toEqual(
			priced.map(({ resolution, duration, sound, millionths }, index) => ({
				json: {
					mode,
					resolution,
					durationSeconds: duration,
					...(hasSoundSwitch ? { sound } : {}),
					unitPriceUsd: millionths / 1e6,
					estimatedCostUsd: (millionths * duration) / 1e6,
				},
				pairedItem: { item: index },
			})),
		);
	});

	test('the first poll is when the service recommends it', () => {
		const schedule = learningSchedule(
			{ mode: modeNamed(mode) },
			{},
			() => [],
			() => 1,
		);
		expect(schedule.pauseMs(0, 0)).toBe(row.firstPollSeconds * 1_000);
	});

	test('First Poll Delay says when', () => {
		const [delay] = fieldsOf(node.field({}, 'options')).filter(
			({ name }) => name === 'firstPollDelay',
		);
		expect(delay.default).toBe(30);
		const [, others = ''] =
			/If not set: 30 seconds \((.*)\), as/.exec(required(delay.description, 'description')) ?? [];
		const [own] = others
			.split('; ')
			.map((text) => /^(\d+) in (.*)$/.exec(text) ?? [])
			.filter(([, , titles = '']) => titles.split(/, | and /).includes(title));
		expect(Number(own?.[1] ?? 30)).toBe(row.firstPollSeconds);
	});
});

describe('where Mode is an expression', () => {
	const values = { mode: BY_EXPRESSION };

	test('everything that any mode needs is shown, and only the prompt is required', () => {
		expect(namesIn(values)).toEqual(
			sorted(
				PANEL,
				[...FACTS.values()].flatMap(({ shown }) => shown),
				['sound', 'waitFor', 'download', 'options'],
			),
		);
		expect(node.missing(values)).toEqual(['prompt']);
	});

	test('the resolutions and durations of any mode can be chosen', () => {
		const rows = Object.values(table);
		const offered = choicesOf(node.field(values, 'resolution')).map(({ value }) => value);
		expect(offered.sort()).toEqual([
			...new Set(rows.flatMap(({ price }) => Object.keys(price)).sort()),
		]);
		const { typeOptions } = node.field(values, 'duration');
		expect([typeOptions?.minValue, typeOptions?.maxValue]).toEqual([
			Math.min(...rows.map(({ durationSeconds }) => durationSeconds.min)),
			Math.max(...rows.map(({ durationSeconds }) => durationSeconds.max)),
		]);
	});

	test('Duration names the range of every mode', () => {
		const { description } = node.field(values, 'duration');
		for (const { durationSeconds } of Object.values(table)) {
			expect(description).toContain(`${durationSeconds.min} to ${durationSeconds.max}`);
		}
	});
});

test('no two fields of one name are ever shown at once', () => {
	const operations = ['generate', 'submit', 'estimateCost'];
	for (const operation of operations) {
		for (const mode of [...Object.keys(table), BY_EXPRESSION]) {
			const names = node.fields({ operation, mode }).map(({ name }) => name);
			expect([operation, mode, names]).toEqual([operation, mode, [...new Set(names)]]);
		}
	}
});
