'use strict';

const fc = require('fast-check');
const { built } = require('../built');
const documented = require('../documented');
const { violations } = require('../rules');
const { checkPricedRequest, checkRequest } = built('wan/request');

const RUNS = { numRuns: 3000 };

const NAMES =
	/^(Mode|Resolution|Duration \(Seconds\)|Sound|Prompt|Prompt Extend|Negative Prompt|Image URL|Audio URL|Watermark|Shot Type|Seed|References|References From|References \(JSON\)|Reference \d+|Additional Fields):? /;

const oddities = fc.constantFrom(
	...[undefined, null, NaN, Infinity, -0, -1, 2 ** 53, 1e300, '', ' ', '5', '5.0', '0x5', '1e1'],
	...['true', 'false', '\ud800', '\udfff🦊', '__proto__', 'toString', '[', '{}', '[null]'],
	...['http://', 'ftp://example.com/a.png', 'javascript:alert(1)', 'https://example.com/%zz'],
	...['https://[::1]/a.png', 'HTTPS://EXAMPLE.COM/A.PNG', 'https://exämple.com/ä.png?b=.mp4'],
);
const anything = fc.oneof(
	oddities,
	fc.jsonValue(),
	fc.double(),
	fc.integer(),
	fc.string({ unit: 'binary' }),
	fc.webUrl(),
	fc.webUrl().map((url) => JSON.stringify([url])),
);
const mostly = (usual) =>
	fc.oneof({ arbitrary: usual, weight: 4 }, { arbitrary: anything, weight: 1 });

/** Always of a public host: `.lan` and the like are refused, as they should be. */
const url = (...types) =>
	fc
		.tuple(fc.constantFrom('http', 'https'), fc.domain(), fc.constantFrom(...types))
		.map(([protocol, host, type]) => `${protocol}://${host}.example.com/file.${type}`);
const imageUrl = url(...documented.IMAGE_TYPES);
const anyMediaUrl = url(...documented.IMAGE_TYPES, ...documented.VIDEO_TYPES, 'mp3', 'gif', 'php');
const entry = fc.record(
	{ url: mostly(anyMediaUrl), kind: mostly(fc.constantFrom('auto', 'image', 'video')) },
	{ requiredKeys: [] },
);
const entries = fc.array(mostly(entry), { maxLength: 7 });

/** Panels as users, expressions and AI agents may leave them. */
const wildPanel = fc.record(
	{
		mode: mostly(fc.constantFrom(...Object.keys(documented.MODES))),
		prompt: mostly(fc.string({ minLength: 1 })),
		resolution: mostly(fc.constantFrom(...documented.RESOLUTIONS)),
		duration: mostly(fc.integer({ min: 1, max: 16 })),
		sound: mostly(fc.boolean()),
		imageUrl: mostly(imageUrl),
		referenceSource: mostly(fc.constantFrom('fields', 'json')),
		references: mostly(fc.record({ reference: mostly(entries) })),
		referencesJson: mostly(
			fc.oneof(
				entries,
				entries.map((list) => JSON.stringify(list)),
			),
		),
		additionalFields: mostly(
			fc.record(
				{
					audioUrl: mostly(url(...documented.AUDIO_TYPES)),
					negativePrompt: mostly(fc.string()),
					promptExtend: mostly(fc.boolean()),
					watermark: mostly(fc.boolean()),
					shotType: mostly(fc.constantFrom('single', 'multi')),
					seed: mostly(fc.integer({ min: -1, max: 2147483647 })),
				},
				{ requiredKeys: [] },
			),
		),
	},
	{ requiredKeys: [] },
);

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
				expect(violations(request)).toEqual([]);
				expect(request.sound === false && 'audio_urls' in request).toBe(false);
			}
		}),
		RUNS,
	);
	expect(accepted).toBeGreaterThan(RUNS.numRuns / 50);
	expect(refused).toBeGreaterThan(RUNS.numRuns / 50);
});

test('whatever is estimated, the request and its price agree on what they take', () => {
	fc.assert(
		fc.property(wildPanel, (raw) => {
			const { request } = checkRequest(raw);
			const { request: priced, faults } = checkPricedRequest(raw);
			if (request === undefined) expect(priced === undefined).toBe(faults.length > 0);
			else expect(request).toMatchObject(priced);
		}),
		RUNS,
	);
});

/** Requests that the documentation allows, in its own words. */
const allowedInput = fc.constantFrom(...Object.entries(documented.MODES)).chain(([mode, row]) =>
	fc.record(
		{
			mode: fc.constant(mode),
			prompt: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
			resolution: fc.constantFrom(...documented.RESOLUTIONS),
			duration: fc.integer({ min: row.seconds[0], max: row.seconds[1] }),
			...(row.isFlash && { sound: fc.constant(true) }),
			...(row.needs === 'image_urls' && { image_urls: fc.tuple(imageUrl) }),
			...(row.needs === 'reference_urls' && {
				reference_urls: fc
					.tuple(
						fc.array(url(...documented.VIDEO_TYPES), { maxLength: 3 }),
						fc.array(imageUrl, { minLength: 1, maxLength: 2 }),
					)
					.map((lists) => lists.flat()),
			}),
			audio_urls: fc.tuple(url(...documented.AUDIO_TYPES)),
			negative_prompt: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
			prompt_extend: fc.boolean(),
			shot_type: fc.constantFrom('single', 'multi'),
			seed: fc.integer({ min: 0, max: 2147483647 }),
			watermark: fc.boolean(),
		},
		{
			requiredKeys: ['mode', 'prompt', 'resolution', 'duration'].concat(
				row.isFlash ? ['sound'] : [],
				row.needs ?? [],
			),
		},
	),
);

/** The panel on which a user would set such a request. */
const panelFor = (input) => ({
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
			expect(violations(input)).toEqual([]);
			expect(checkRequest(panelFor(input))).toMatchObject({ request: input, faults: [] });
		}),
		RUNS,
	);
});
