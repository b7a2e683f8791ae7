import fc from 'fast-check';
import { anything } from '../../support/model/odd.mts';
import { readSettings } from '../../../nodes/WanVideo/trigger/settings.ts';
import { triggerPanel as panel } from '../support/contexts.mts';

const SAFE = {
	events: ['success', 'failed'],
	field: undefined,
	requireSignature: true,
	verify: true,
	deduplicate: true,
	resumeWaiting: true,
	simplify: true,
	maxFileBytes: 1_000_000_000,
};

test('an untouched panel has the safe settings', () => {
	expect(readSettings(panel({}))).toEqual(SAFE);
});

test('what was set holds, also as text', () => {
	const options = {
		requireSignature: 'false',
		verify: false,
		deduplicate: 'FALSE',
		resumeWaiting: false,
		simplify: 'false',
		maxFileSize: '5',
	};
	const parameters = { options, events: 'failed', download: 'true', binaryPropertyName: 'clip' };
	expect(readSettings(panel(parameters))).toEqual({
		events: ['failed'],
		field: 'clip',
		requireSignature: false,
		verify: false,
		deduplicate: false,
		resumeWaiting: false,
		simplify: false,
		maxFileBytes: 5_000_000,
	});
});

const EVENTS: Array<[unknown, string[]]> = [
	['success, failed', ['success', 'failed']],
	[['failed'], ['failed']],
	[['success', 'pending'], ['success']],
	['whatever', ['success', 'failed']],
	[null, ['success', 'failed']],
	[{}, ['success', 'failed']],
	[[], ['success', 'failed']],
];

test.each(EVENTS)('the events %j are %j', (events, expected) => {
	expect(readSettings(panel({ events })).events).toEqual(expected);
});

test('whatever the panel holds, no callback is lost, and no check is switched off', () => {
	const wild = fc.record(
		{ events: anything, options: anything, download: anything, binaryPropertyName: anything },
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(wild, (parameters) => {
			const settings = readSettings(panel(parameters));
			expect(settings).toMatchObject({ requireSignature: true, verify: true });
			expect(settings.events.length).toBeGreaterThan(0);
			expect(settings.field).not.toBe('__proto__');
			expect(settings.maxFileBytes).toBeGreaterThanOrEqual(0);
		}),
	);
	const option = fc.record({ maxFileSize: anything, requireSignature: anything, verify: anything });
	fc.assert(
		fc.property(option, (options) => {
			const settings = readSettings(panel({ options }));
			expect(settings.maxFileBytes).toBeGreaterThanOrEqual(0);
			const isOff = (value: unknown) =>
				/^\s*false\s*$/i.test(String(JSON.stringify(value)).replaceAll('"', ''));
			if (!isOff(options.requireSignature)) expect(settings.requireSignature).toBe(true);
			if (!isOff(options.verify)) expect(settings.verify).toBe(true);
		}),
	);
});
