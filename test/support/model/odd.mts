import fc from 'fast-check';
import * as documented from './documented.mts';

/** What n8n's expressions, sheets, AI agents and hand-made workflows put into fields. */

export const ODD_VALUES: unknown[] = [
	...[undefined, null, true, false, 0, -0, 1, -1, 5, 5.5, 1e300, -1e300, 2 ** 31, 2 ** 53],
	...[NaN, Infinity, -Infinity],
	...['', ' ', '\n', '0', '5', ' 5 ', '5.0', '5.5', '05', '5s', '5,5', '-5', '0x5', '1e1', '1e999'],
	...['true', 'FALSE', 'yes', 'null', 'undefined', 'NaN', '[object Object]'],
	...['text-to-video', '720p', 'single', 'json', 'callback', 'task_1'],
	...['\0', 'a\r\nb', '\u202eevil', '\ud800', '\udfff🦊', 'ﷺ', '<img src=x onerror=alert(1)>'],
	...['__proto__', 'constructor', 'prototype', 'toString', '../../etc/passwd', '{{ 1 }}'],
	...[
		'http://',
		'https://',
		'ftp://example.com/a.png',
		'javascript:alert(1)',
		'file:///etc/passwd',
	],
	...['https://127.1/a.png', 'https://[::ffff:7f00:1]/a.png', 'https://example.com/a b.png'],
	...['https://example.com/a.png', 'https://example.com/a.mp3', 'https://example.com/%zz'],
	'x'.repeat(20_000),
	...[[], [null], [5], ['5'], [[]], ['https://example.com/a.png'], Array(100).fill(1)],
	...[{}, { toString: 5 }, { url: 5 }, { reference: 5 }, { reference: [{}] }, { value: 5 }],
	...[
		'[',
		'{}',
		'[]',
		'[null]',
		'{"__proto__": {"sound": false}}',
		'["https://example.com/a.png"]',
	],
	JSON.parse('{"__proto__": {"timeout": 1}, "constructor": {"prototype": {"x": 1}}}'),
	JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`),
];

/** Values that n8n would take for an expression are not values. */
const isNoExpression = (value: unknown) => !JSON.stringify({ value }).includes('"=');

export const anything: fc.Arbitrary<unknown> = fc
	.oneof(
		fc.constantFrom(...ODD_VALUES),
		fc.jsonValue(),
		fc.double(),
		fc.integer(),
		fc.string({ unit: 'binary' }),
		fc.webUrl(),
		fc.webUrl().map((url) => JSON.stringify([url])),
	)
	.filter(isNoExpression);

export const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
	fc.oneof({ arbitrary: usual, weight: 4 }, { arbitrary: anything, weight: 1 });

/** Always of a public host: `.lan` and the like are refused, as they should be. */
export const url = (...types: string[]): fc.Arbitrary<string> =>
	fc
		.tuple(fc.constantFrom('http', 'https'), fc.domain(), fc.constantFrom(...types))
		.map(([protocol, host, type]) => `${protocol}://${host}.example.com/file.${type}`);
export const imageUrl = url(...documented.IMAGE_TYPES);
const anyMediaUrl = url(...documented.IMAGE_TYPES, ...documented.VIDEO_TYPES, 'mp3', 'gif', 'php');
const entry = fc.record(
	{ url: mostly(anyMediaUrl), kind: mostly(fc.constantFrom('auto', 'image', 'video')) },
	{ requiredKeys: [] },
);
const entries = fc.array(mostly(entry), { maxLength: 7 });
const shot = fc.record(
	{ text: mostly(fc.string({ minLength: 1 })), seconds: mostly(fc.integer({ min: 1, max: 6 })) },
	{ requiredKeys: [] },
);
const shots = fc.array(mostly(shot), { maxLength: 4 });

/** Panels as users, expressions and AI agents may leave them. */
export const wildPanel = fc
	.record(
		{
			mode: mostly(fc.constantFrom(...Object.keys(documented.MODES))),
			prompt: mostly(fc.string({ minLength: 1 })),
			promptFrom: mostly(fc.constantFrom('text', 'text', 'shots', 'shotsJson')),
			shotsStyle: mostly(fc.string()),
			shots: mostly(fc.record({ shot: mostly(shots) })),
			shotsJson: mostly(
				fc.oneof(
					shots,
					shots.map((list) => JSON.stringify(list)),
				),
			),
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
	)
	.filter(isNoExpression);
