import fc from 'fast-check';
import * as documented from '../../support/model/documented.mts';
import { imageUrl, mostly, url, wildPanel } from '../../support/model/odd.mts';
import { violations } from '../../support/model/rules.mts';
import { checkRequest } from '../../../nodes/WanVideo/model/request.ts';
import { checkPrice } from '../support/requests.mts';
import { required } from '../../support/required.mts';

const RUNS = { numRuns: 3000 };

const NAMES =
	/^(Mode|Resolution|Duration \(Seconds\)|Sound|Prompt|Prompt From|Style|Shots|Shots \(JSON\)|Shot \d+|The seconds of the shots|The storyboard|Improve Prompt|Negative Prompt|Image URL|Audio URL|Watermark|Shot Type|Seed|References|References From|References \(JSON\)|Reference \d+|Additional Fields):? /;

test('whatever the panel holds, there are faults that name a parameter, or an allowed request', () => {
	let accepted = 0;
	let refused = 0;
	fc.assert(
		fc.property(wildPanel, (raw) => {
			const { request, faults } = checkRequest(raw);
			if (request === undefined) {
				refused += 1;
				expect(faults).not.toEqual([]);
				for (const fault of faults) expect(fault).toMatch(NAMES);
			} else {
				accepted += 1;
				expect(faults).toEqual([]);
				expect(violations({ ...request })).toEqual([]);
				expect(request.sound === false && 'audio_urls' in request).toBe(false);
			}
		}),
		RUNS,
	);
	expect(accepted).toBeGreaterThan(RUNS.numRuns / 50);
	expect(refused).toBeGreaterThan(RUNS.numRuns / 50);
});

/** What expressions can return beside JSON. */
const EXOTIC: unknown[] = [
	5n,
	Symbol('a'),
	() => 'a fox',
	new Date(0),
	new Date(NaN),
	new Map([['url', 'https://example.com/a.png']]),
	Buffer.from('a'),
	Object.create(null),
	{ toJSON: () => undefined },
	{ toString: 5, valueOf: 5, url: { toString: 5 } },
	Object.assign([], { 3: 'a' }),
	Array.from({ length: 1 }),
];

test.each(EXOTIC)(
	'a value that is no JSON is refused or read, never stumbled over (%#)',
	(value) => {
		const fields = ['audioUrl', 'negativePrompt', 'promptExtend', 'seed', 'shotType', 'watermark'];
		const additionalFields = Object.fromEntries(fields.map((name) => [name, value]));
		for (const mode of [value, ...Object.keys(documented.MODES)]) {
			for (const referenceSource of [value, 'fields', 'json']) {
				const panel = { mode, prompt: value, resolution: value, duration: value, sound: value };
				const references = { reference: [{ url: value, kind: value }] };
				const media = { imageUrl: value, referenceSource, references, referencesJson: value };
				const { request, faults } = checkRequest({ ...panel, ...media, additionalFields });
				expect(request).toBeUndefined();
				for (const fault of faults) expect(fault).toMatch(NAMES);
			}
		}
	},
);

test('whatever is estimated, the request and its price agree on what they take', () => {
	fc.assert(
		fc.property(wildPanel, (raw) => {
			const { request } = checkRequest(raw);
			// An estimate has no shots: of a storyboard it takes the length that they add up to.
			const isText = (raw.promptFrom ?? 'text') === 'text';
			const panel = isText || request === undefined ? raw : { ...raw, duration: request.duration };
			const { request: priced, faults } = checkPrice(panel);
			if (request === undefined) expect(priced === undefined).toBe(faults.length > 0);
			else expect(request).toMatchObject({ ...required(priced, 'price') });
		}),
		RUNS,
	);
});

/** The `input` of a submission. */
interface Input {
	mode: string;
	prompt: string;
	resolution: string;
	duration: number;
	sound?: boolean;
	image_urls?: string[];
	reference_urls?: string[];
	audio_urls?: string[];
	negative_prompt?: string;
	prompt_extend?: boolean;
	shot_type?: string;
	seed?: number;
	watermark?: boolean;
}

/** Not what is left of an expression, which the node refuses although APIXO would take it. */
const visibleText = fc
	.string({ minLength: 1 })
	.filter((text) => text.trim() !== '' && !text.includes('{{'));

const references = fc
	.tuple(
		fc.array(url(...documented.VIDEO_TYPES), { maxLength: 3 }),
		fc.array(imageUrl, { minLength: 1, maxLength: 2 }),
	)
	.map((lists) => lists.flat());

const optionalFields = fc.record(
	{
		audio_urls: fc.tuple(url(...documented.AUDIO_TYPES)),
		negative_prompt: visibleText,
		prompt_extend: fc.boolean(),
		shot_type: fc.constantFrom('single', 'multi'),
		seed: fc.integer({ min: 0, max: 2147483647 }),
		watermark: fc.boolean(),
	},
	{ requiredKeys: [] },
);

/** Requests that the documentation allows, in its own words. */
const allowedInput = fc
	.constantFrom(...Object.entries(documented.MODES))
	.chain(([mode, row]): fc.Arbitrary<Input> => {
		const required = fc.record({
			mode: fc.constant(mode),
			prompt: visibleText,
			resolution: fc.constantFrom(...documented.RESOLUTIONS),
			duration: fc.integer({ min: row.seconds[0], max: row.seconds[1] }),
			...(row.isFlash && { sound: fc.constant(true) }),
			...(row.needs === 'image_urls' && { image_urls: fc.tuple(imageUrl) }),
			...(row.needs === 'reference_urls' && { reference_urls: references }),
		});
		return fc.tuple(required, optionalFields).map(([must, may]) => ({ ...must, ...may }));
	});

/** The panel on which a user would set such a request. */
const panelFor = (input: Input) => ({
	mode: input.mode,
	prompt: input.prompt,
	resolution: input.resolution,
	duration: String(input.duration),
	sound: input.sound,
	imageUrl: input.image_urls?.[0],
	referenceSource: 'json',
	referencesJson: input.reference_urls,
	additionalFields: {
		audioUrl: input.audio_urls?.[0],
		negativePrompt: input.negative_prompt,
		promptExtend: input.prompt_extend,
		shotType: input.shot_type,
		seed: input.seed,
		watermark: input.watermark,
	},
});

test('every request that the documentation allows can be made, and comes out as it was meant', () => {
	fc.assert(
		fc.property(allowedInput, (input) => {
			expect(violations({ ...input })).toEqual([]);
			expect(checkRequest(panelFor(input))).toMatchObject({ request: input, faults: [] });
		}),
		RUNS,
	);
});

/** Objects with names of the request's own, too. */
const extraInput = fc.dictionary(
	fc.oneof(
		fc.string(),
		fc.constantFrom('aspect_ratio', 'size', 'Duration', 'seed', 'image-urls', '__proto__'),
	),
	fc.jsonValue(),
	{ maxKeys: 3 },
);

test('whatever Extra Input holds, it changes nothing of the rest of the request, or is refused', () => {
	let accepted = 0;
	let refused = 0;
	fc.assert(
		fc.property(allowedInput, mostly(extraInput), fc.boolean(), (input, extra, isText) => {
			const given = isText ? JSON.stringify(extra) : extra;
			const panel = panelFor(input);
			const additionalFields = { ...panel.additionalFields, extraInput: given };
			const { request, faults } = checkRequest({ ...panel, additionalFields });
			if (request === undefined) {
				refused += 1;
				expect(faults).toEqual([expect.stringMatching(/^Extra Input \(JSON\) must /)]);
				return;
			}
			accepted += 1;
			expect(request).toMatchObject(input);
			const added = Object.entries(request).filter(([name]) => !Object.hasOwn(input, name));
			expect(
				added.map(([name]) => name).filter((name) => /duration|seed|urls/i.test(name)),
			).toEqual([]);
			if (typeof extra === 'object' && extra !== null && !Array.isArray(extra)) {
				const sent: unknown = JSON.parse(JSON.stringify(Object.fromEntries(added)));
				expect(sent).toEqual(JSON.parse(JSON.stringify(extra)));
			}
		}),
		RUNS,
	);
	expect(accepted).toBeGreaterThan(RUNS.numRuns / 50);
	expect(refused).toBeGreaterThan(RUNS.numRuns / 50);
});
