import { watchHint } from '../../../nodes/WanVideo/run/hints.ts';

describe('the hint that links to videos', () => {
	const URL = 'https://cdn.example.com/v.mp4?a=1&b=2';
	const link = (text: string) => `<a href="${URL}" target="_blank">${text}</a>`;

	test('of one item names no item', () => {
		expect(watchHint([URL])).toBe(link('Watch the video'));
	});

	test('of several names those that have a video', () => {
		expect(watchHint([URL, undefined, URL])).toBe(
			`Watch the videos: ${link('item 0')}, ${link('item 2')}`,
		);
	});

	test('of many does not fill the pane', () => {
		expect(watchHint(new Array<string>(50).fill(URL))).toMatch(/item 9<\/a> and 40 more$/);
	});

	test('is not given where there is nothing to watch', () => {
		expect(watchHint([])).toBeUndefined();
		expect(watchHint([undefined, undefined])).toBeUndefined();
	});

	test.each([['javascript:alert(1)'], ['data:text/html,x'], ['no URL'], ['']])(
		'makes no link of %j',
		(address) => {
			expect(watchHint([address])).toBeUndefined();
		},
	);

	test.each([
		['https://a.example/"onclick="x'],
		['https://a.example/<script>'],
		['https://a.example/?\'"><img>'],
		['https://a.example/#"><img>'],
	])('cannot be left by %j', (address) => {
		expect(watchHint([address])).toMatch(
			/^<a href="[^"<>]*" target="_blank">Watch the video<\/a>$/,
		);
	});
});
