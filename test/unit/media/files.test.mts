import type { IBinaryData } from 'n8n-workflow';
import {
	type ItemFiles,
	fieldOfFile,
	fieldsOfFiles,
	fileIn,
	filesOf,
	withFiles,
} from '../../../nodes/WanVideo/media/files.ts';
import { readMediaUrl } from '../../../nodes/WanVideo/media/mediaUrl.ts';
import { checkRequest } from '../../../nodes/WanVideo/model/request.ts';
import { required } from '../../support/required.mts';

const file = (mimeType: string, id?: string): IBinaryData => ({ mimeType, id, data: '' });

const FILES: ItemFiles = {
	data: file('image/png', 'filesystem-v2:1'),
	photo: file('application/octet-stream', 'filesystem-v2:2'),
	clip: file('video/mp4', 'filesystem-v2:3'),
};

const check = (panel: Record<string, unknown>, files = FILES) =>
	checkRequest({ prompt: 'character1', ...panel }, false, files);

const faultsOf = (panel: Record<string, unknown>, files?: ItemFiles) => check(panel, files).faults;

const requestOf = (panel: Record<string, unknown>) => required(check(panel).request, 'request');

const IMAGE = { mode: 'image-to-video', imageSource: 'binary' };

describe('the files of an item', () => {
	const { data, photo } = FILES;

	type Item = Parameters<typeof filesOf>[0];
	const inJson = (_files: unknown, binary?: ItemFiles) => ({ json: { _files }, binary }) as Item;

	test.each<[string, Item, ItemFiles]>([
		['beside its JSON', { json: {}, binary: { data } }, { data }],
		['in its JSON', inJson({ photo }), { photo }],
		['in both', inJson({ photo }, { data }), { photo, data }],
		['among other things', inJson({ photo, n: 1, o: {} }), { photo }],
		['nowhere', inJson('photo'), {}],
		['not even an item', {}, {}],
	])('are found %s', (_where, item, files) => {
		expect(filesOf(item, true)).toEqual(files);
	});

	test('are not what JSON from outside names', () => {
		expect(filesOf(inJson({ photo }, { data }), false)).toEqual({ data });
	});
});

describe('what stands for a file in a request', () => {
	test.each([['data'], ['a#b'], ['Bild 1/2'], ['…'], ['%41'], ['']])(
		'tells its field %j, with and without its content',
		(field) => {
			expect(fieldOfFile(fileIn(field))).toBe(field);
			expect(fieldOfFile(fileIn(field, 'abc'))).toBe(field);
		},
	);

	test('is no URL that a user could give', () => {
		expect(readMediaUrl(fileIn('data', 'abc'), ['image'], true)).toHaveProperty('fault');
		expect(fieldOfFile('https://example.com/n8n-file:data')).toBeUndefined();
	});

	test('is replaced wherever it stands, and nothing else is', () => {
		const url = 'https://example.com/a.png';
		const request = {
			prompt: fileIn('a'),
			image_urls: [fileIn('a', '1')],
			reference_urls: [url, fileIn('b'), fileIn('a')],
			seed: 7,
		};
		expect(fieldsOfFiles(request)).toEqual(['a', 'b']);
		const replacements = new Map([
			['a', 'https://n8n.example/a'],
			['b', 'https://n8n.example/b'],
		]);
		expect(withFiles(request, replacements)).toEqual({
			prompt: fileIn('a'),
			image_urls: ['https://n8n.example/a'],
			reference_urls: [url, 'https://n8n.example/b', 'https://n8n.example/a'],
			seed: 7,
		});
	});
});

describe('Image From', () => {
	test.each([[undefined], [null], [''], ['url'], ['URL']])('%j takes the URL', (imageSource) => {
		const imageUrl = 'https://example.com/a.png';
		expect(requestOf({ ...IMAGE, imageSource, imageUrl }).image_urls).toEqual([imageUrl]);
	});

	test.each([['binary'], ['File'], ['Binary '], [['binary']]])(
		'%j takes the file',
		(imageSource) => {
			expect(requestOf({ ...IMAGE, imageSource }).image_urls).toEqual([fileIn('data')]);
		},
	);

	test.each([
		['photo', 'photo'],
		[' photo ', 'photo'],
		['_files.photo', 'photo'],
		[{ mimeType: 'image/png', id: 'filesystem-v2:2' }, 'photo'],
	])('with the field %j takes the file there', (imageBinaryProperty, field) => {
		expect(requestOf({ ...IMAGE, imageBinaryProperty }).image_urls).toEqual([fileIn(field)]);
	});

	test.each([
		[
			'logo',
			/^Input Data Field Name names the field "logo", which holds no file: .*"data", "photo", "clip"/,
		],
		['', /^Input Data Field Name names no field/],
		[5, /must be the name of a field, but is 5/],
		[{ mimeType: 'image/png', id: 'filesystem-v2:9' }, /but is a file of another item/],
		['{{ $json.field }}', /holds \{\{ \$json\.field \}\} in place of its value/],
		['constructor', /holds no file/],
		['__proto__', /holds no file/],
	])('with the field %j is refused', (imageBinaryProperty, fault) => {
		expect(faultsOf({ ...IMAGE, imageBinaryProperty })).toEqual([expect.stringMatching(fault)]);
	});

	test('tells an item without files, and one with a single file', () => {
		expect(faultsOf(IMAGE, {})).toEqual([expect.stringContaining('holds no file at all')]);
		const one = { photo: file('image/png') };
		expect(faultsOf(IMAGE, one)).toEqual([expect.stringContaining('its file in "photo"')]);
	});
});

describe('audio', () => {
	const withAudio = (additionalFields: object, more: object = {}) => ({
		mode: 'text-to-video',
		additionalFields,
		...more,
	});

	test('is taken from a file', () => {
		const fields = { audioSource: 'binary', audioBinaryProperty: 'photo' };
		expect(requestOf(withAudio(fields)).audio_urls).toEqual([fileIn('photo')]);
		expect(requestOf(withAudio({ audioSource: 'binary' })).audio_urls).toEqual([fileIn('data')]);
	});

	test('that is not given is no audio', () => {
		expect(requestOf(withAudio({ audioSource: 'url' }))).not.toHaveProperty('audio_urls');
		expect(requestOf(withAudio({ audioBinaryProperty: 'data' }))).not.toHaveProperty('audio_urls');
	});

	test('is not used where the sound is off, and that is told', () => {
		const fields = withAudio(
			{ audioSource: 'binary' },
			{ ...IMAGE, mode: 'image-to-video-flash', sound: false },
		);
		expect(requestOf(fields)).not.toHaveProperty('audio_urls');
		expect(check(fields).hints).toContain('Sound is off, so the audio file is not used');
	});

	test.each([
		[{ audioSource: 'drive' }, /^Audio From must be url or binary, but is "drive"/],
		[
			{ audioSource: 'binary', audioBinaryProperty: 'x' },
			/^Audio Input Field Name names the field/,
		],
		[{ audioUrl: file('audio/mpeg', 'filesystem-v2:1') }, /is a file, .*set Audio From to File/],
	])('%j is refused', (fields, fault) => {
		expect(faultsOf(withAudio(fields))).toEqual([expect.stringMatching(fault)]);
	});
});

describe('references', () => {
	const mode = 'reference-to-video';
	const listed = (...reference: object[]) => ({ mode, references: { reference } });
	const inJson = (referencesJson: unknown) => ({ mode, referenceSource: 'json', referencesJson });
	const url = 'https://example.com/a.png';

	test.each([
		['fields', listed({ source: 'binary', binaryProperty: 'photo' }, { source: 'url', url })],
		['the default field', listed({ source: 'binary', binaryProperty: 'photo' }, { url })],
		['JSON text', inJson(JSON.stringify([{ binary: 'photo' }, url]))],
		['a list of an expression', inJson([{ binary: 'photo', kind: 'image' }, { url }])],
		['the fields in JSON', inJson([{ source: 'binary', binaryProperty: 'photo' }, url])],
		[
			'a cell for each',
			inJson([
				{ binary: 'photo', url: '' },
				{ binary: null, url },
			]),
		],
	])('from %s are files and addresses', (_, panel) => {
		expect(requestOf(panel).reference_urls).toEqual([fileIn('photo'), url]);
	});

	test('that are empty are skipped in JSON', () => {
		const list = [{ binary: '' }, { binary: 'data' }, { url: '', binary: ' ' }, {}];
		expect(requestOf(inJson(list)).reference_urls).toEqual([fileIn('data')]);
	});

	test.each([
		[listed({ source: 'drive' }), /^Reference 1: Source must be url or binary, but is "drive"/],
		[listed({ source: 'binary', binaryProperty: '' }), /^Reference 1 names no field/],
		[inJson([url, { binary: 'nope' }]), /^Reference 2 names the field "nope"/],
		[inJson([FILES.clip]), /^Reference 1 is a file, .*set its Source to File, or in JSON/],
	])('%j is refused', (panel, fault) => {
		expect(faultsOf(panel)).toEqual([expect.stringMatching(fault)]);
	});

	test('count as videos by what n8n takes them for, or as they are said to be', () => {
		const clip = { source: 'binary', binaryProperty: 'clip' };
		const said = { source: 'binary', binaryProperty: 'photo', kind: 'video' };
		expect(faultsOf(listed(clip, clip, said))).toEqual([]);
		expect(faultsOf(listed(clip, clip, said, said))).toEqual([
			expect.stringContaining('References has 4 videos'),
		]);
	});
});

test('what a request is made from is told with its title, to be looked at', () => {
	const url = 'https://example.com/a.mp3';
	const { media } = check({ ...IMAGE, additionalFields: { audioUrl: url } });
	expect(media).toEqual([
		{ title: 'The image', url: fileIn('data'), accepted: ['image'], kind: 'image' },
		{ title: 'Audio URL', url, accepted: ['audio'], kind: 'audio' },
	]);
});
