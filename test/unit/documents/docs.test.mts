import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import * as documented from '../support/model/documented.mts';
import { failureFor } from '../../nodes/WanVideo/transport/verdict.ts';
import { MODES } from '../../nodes/WanVideo/wan/modes.ts';
import { WanVideo } from '../../nodes/WanVideo/WanVideo.node.ts';
import { WanVideoTrigger } from '../../nodes/WanVideo/WanVideoTrigger.node.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FOLDERS = ['.', 'docs', 'examples'];
const PAGES = FOLDERS.flatMap((folder) =>
	fs
		.readdirSync(path.join(ROOT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => path.join(folder, name)),
);

const read = (page) => fs.readFileSync(path.join(ROOT, page), 'utf8');

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page) =>
	[...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
		title
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s-]/gu, '')
			.replace(/\s/g, '-'),
	);

/** What a page links to or shows, in Markdown or HTML. */
const linksOf = (page) =>
	[...read(page).matchAll(/(?:\]\(|src(?:set)?=")([^)\s"]+)/g)].map(([, link]) => link);

/** Links of a page that lead nowhere; those to other sites are not followed. */
function deadLinks(page) {
	return linksOf(page).filter((link) => {
		if (/^https?:/.test(link)) return false;
		const [file, anchor] = link.split('#');
		const target = file === '' ? page : path.join(path.dirname(page), file);
		if (!fs.existsSync(path.join(ROOT, target))) return true;
		return anchor !== undefined && !anchorsOf(target).includes(anchor);
	});
}

/** The cells of all rows of a page's tables that begin with a cell. */
const rowsOf = (page, firstCell) =>
	read(page)
		.split('\n')
		.map((line) =>
			line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim()),
		)
		.filter(([cell]) => cell === firstCell);

/** What an expression of the sources says, without what it fills in. */
function textsIn(node) {
	const isText = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node);
	const texts = isText ? [node.text] : [];
	ts.forEachChild(node, (child) => void texts.push(...textsIn(child)));
	return texts;
}

/** The fixed parts of three words or more of all that a source file tells users as a message. */
function messagesIn(node) {
	const isMessage = ts.isPropertyAssignment(node) && node.name.text === 'message';
	const isFault =
		ts.isCallExpression(node) && /^(faults|hints)\.push$/.test(node.expression.getText());
	if (isMessage || isFault) {
		return textsIn(isMessage ? node.initializer : node.arguments[0])
			.map((text) => text.replace(/^\W+|\W+$/g, ''))
			.filter((text) => text.split(' ').length >= 3);
	}
	const messages = [];
	ts.forEachChild(node, (child) => void messages.push(...messagesIn(child)));
	return messages;
}

const SOURCES = fs
	.readdirSync(path.join(ROOT, 'nodes'), { recursive: true })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => path.join('nodes', name));

const parse = (file) => ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);

const usd = (price) => String(Number(price));

describe('the documentation', () => {
	test.each(PAGES)('%s has no dead link', (page) => expect(deadLinks(page)).toEqual([]));

	test('shows every picture that is kept', () => {
		const shown = PAGES.flatMap((page) => linksOf(page).map((link) => path.basename(link)));
		const pictures = fs.readdirSync(path.join(ROOT, 'docs', 'images'));
		expect(pictures.filter((name) => !shown.includes(name))).toEqual([]);
	});

	test.each(documented.PRICES)('gives the price of %s in %s, sound %s', (...row) => {
		const [mode, resolution, sound, price] = row;
		const column = documented.RESOLUTIONS.indexOf(resolution);
		const setting = sound === undefined ? 'no switch' : sound ? 'on' : 'off';
		const costs = rowsOf('docs/costs.md', MODES[mode].title).filter(([, cell]) => cell === setting);
		expect(costs.map((cells) => usd(cells[2 + column]))).toEqual([usd(price)]);

		const [modes] = rowsOf('README.md', MODES[mode].title);
		const prices = [...modes[4 + column].matchAll(/\$([\d.]+)/g)].map(([, one]) => usd(one));
		expect(prices[sound === false ? 1 : 0]).toBe(usd(price));
	});

	test.each(Object.entries(documented.MODES))(
		'gives the durations and the default resolution of %s',
		(mode, { seconds, defaultResolution }) => {
			const [[, , range, resolution]] = rowsOf('README.md', MODES[mode].title);
			expect([range, resolution]).toEqual([seconds.join('–'), defaultResolution]);
		},
	);

	test('names every field and option of both nodes', () => {
		const named = (properties) =>
			properties.flatMap(({ displayName, type, options }) => [
				...(type === 'notice' ? [] : [displayName]),
				...(type === 'collection' ? named(options) : []),
			]);
		const fields = [new WanVideo(), new WanVideoTrigger()].flatMap(({ description }) =>
			named(description.properties),
		);
		const page = read('README.md');
		expect([...new Set(fields)].filter((name) => !page.includes(name))).toEqual([]);
	});

	test('explains every message of the sources', () => {
		const page = read('docs/troubleshooting.md');
		const messages = SOURCES.flatMap((file) => messagesIn(parse(file)));
		expect(messages.length).toBeGreaterThan(30);
		expect(messages.filter((message) => !page.includes(message))).toEqual([]);
	});

	test('explains every answer of APIXO', () => {
		const codes = [302, 400, 401, 402, 403, 404, 418, 429, 500, 502, 503, 504, 599];
		const answers = [
			...codes.map((code) => ({ kind: 'envelope', code })),
			{ kind: 'unreadable', code: 200 },
			{ kind: 'unanswered', reached: true, reason: '' },
			{ kind: 'unanswered', reached: false, reason: '' },
		];
		const messages = answers.map((answer) => failureFor(answer, 'read').message.split(':')[0]);
		const page = read('docs/troubleshooting.md');
		expect(messages.filter((message) => !page.includes(message))).toEqual([]);
	});

	test('gives advice on every known failCode', () => {
		const page = read('docs/troubleshooting.md');
		const codes = documented.FAIL_CODES.map(([code]) => code);
		expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
	});
});
