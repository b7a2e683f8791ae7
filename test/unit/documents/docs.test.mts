import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { INodeProperties } from 'n8n-workflow';
import * as documented from '../../support/model/documented.mts';
import type { ServiceResponse } from '../../../nodes/apixo/response.ts';
import { failureFor } from '../../../nodes/apixo/verdict.ts';
import { modeOf } from '../../../nodes/WanVideo/model/modes.ts';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node.ts';
import { fieldsOf } from '../support/panel.mts';
import { modeNamed } from '../support/requests.mts';

const ROOT = path.join(import.meta.dirname, '../../..');
const FOLDERS = ['docs', 'emulator', 'examples', 'test', 'tools'];
const PAGES = [
	...fs.readdirSync(ROOT),
	...FOLDERS.flatMap((folder) =>
		fs
			.readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.map((name) => path.join(folder, name)),
	),
].filter((name) => name.endsWith('.md'));

const read = (page: string) => fs.readFileSync(path.join(ROOT, page), 'utf8');

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string) =>
	[...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
		title
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s-]/gu, '')
			.replace(/\s/g, '-'),
	);

/** What a text links to or shows, in Markdown or HTML. */
const linksOf = (text: string) =>
	[...text.matchAll(/(?:\]\(|src(?:set)?=")([^)\s"]+)/g)].map(([, link]) => link);

/** Links of a page that lead nowhere; those to other sites are not followed. */
function deadLinks(page: string) {
	return linksOf(read(page)).filter((link) => {
		if (/^https?:/.test(link)) return false;
		const [file, anchor] = link.split('#');
		const target = file === '' ? page : path.join(path.dirname(page), file);
		if (!fs.existsSync(path.join(ROOT, target))) return true;
		return anchor !== undefined && !anchorsOf(target).includes(anchor);
	});
}

/** The cells of all rows of a page's tables that begin with a cell. */
const rowsOf = (page: string, firstCell: string) =>
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
function textsIn(node: ts.Node): string[] {
	if (ts.isIdentifier(node)) return textsOfVariable(node);
	const texts = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) ? [node.text] : [];
	ts.forEachChild(node, (child) => void texts.push(...textsIn(child)));
	return texts;
}

/** What a constant of the same file says. */
function textsOfVariable(name: ts.Identifier): string[] {
	const texts: string[] = [];
	const visit = (node: ts.Node) => {
		const { initializer } = ts.isVariableDeclaration(node) ? node : {};
		const isTemplate = initializer !== undefined && ts.isTemplateExpression(initializer);
		if (isTemplate && ts.isVariableDeclaration(node) && node.name.getText() === name.text) {
			texts.push(...textsIn(initializer));
		}
		ts.forEachChild(node, visit);
	};
	visit(name.getSourceFile());
	return texts;
}

/** What a call tells users, if it is one of those that do. */
function textsOfCall({ expression, arguments: [first, second] }: ts.CallExpression): string[] {
	const callee = expression.getText();
	if (/(^|\.)mismatch$/.test(callee)) {
		// What is put together from a list is no fixed text.
		const [wanted = '', ...rest] = ts.isCallExpression(second) ? [] : textsIn(second);
		return [`${textsIn(first).join('')} must be ${wanted}`, ...rest];
	}
	if (callee === 'reply') return textsIn(second);
	if (callee === 'addHints') return textsIn(second);
	const isMessage = /^(finalFailure|refuse)$|(^|\.)((faults|hints)\.push|fault)$/.test(callee);
	return isMessage ? textsIn(first) : [];
}

/** What an error that ends the node says by itself. */
const textsOfError = ({ expression, arguments: all }: ts.NewExpression): string[] =>
	expression.getText() === 'NodeOperationError' && all !== undefined ? textsIn(all[1]) : [];

/** The fixed parts of three words or more of all that a source file tells users as a message. */
function messagesIn(node: ts.Node): string[] {
	const isProperty = ts.isPropertyAssignment(node) && /^(message|fault)$/.test(node.name.getText());
	const texts = isProperty
		? textsIn(node.initializer)
		: ts.isCallExpression(node)
			? textsOfCall(node)
			: ts.isNewExpression(node)
				? textsOfError(node)
				: [];
	const messages = texts
		.map((text) => text.replace(/^\W+|\W+$/g, ''))
		.filter((text) => text.split(' ').length >= 3);
	if (messages.length > 0) return messages;
	ts.forEachChild(node, (child) => void messages.push(...messagesIn(child)));
	return messages;
}

const SOURCES = fs
	.readdirSync(path.join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => path.join('nodes', name));

const parse = (file: string) => ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);

const titleOf = (mode: string) => modeOf(modeNamed(mode)).title;

const usd = (price: string) => String(Number(price));

/** The README in each language. */
const LANGUAGES = ['README.md', 'README.zh-CN.md'];

const named = (properties: INodeProperties[]): string[] =>
	properties.flatMap((property) => [
		...(property.type === 'notice' ? [] : [property.displayName]),
		...(property.type === 'collection' ? named(fieldsOf(property)) : []),
	]);

/** The titles of all fields of both nodes. */
const FIELDS = new Set(
	[new WanVideo(), new WanVideoTrigger()].flatMap(({ description }) =>
		named(description.properties),
	),
);

/** What a README says to users in any language: its last section is for developers. */
function factsOf(page: string) {
	const text = read(page)
		.split(/^(?=## )/m)
		.slice(0, -1)
		.join('');
	const found = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, fact]) => fact);
	const isOfPage = (link: string) => !link.startsWith('#') && !LANGUAGES.includes(link);
	return {
		amounts: found(/(\$[\d.]+\d)/g),
		blocks: found(/^```\w*\n([^`]*)^```/gm),
		code: new Set(found(/`([!-~]+)`/g)),
		fields: new Set(found(/\*\*([^*]+)\*\*/g).filter((title) => FIELDS.has(title))),
		links: new Set(linksOf(text).filter(isOfPage)),
		sections: found(/^(##) /gm),
		versions: found(/(\d+\.\d+\.\d+)/g),
	};
}

describe('the documentation', () => {
	test.each(PAGES)('%s has no dead link', (page) => expect(deadLinks(page)).toEqual([]));

	test('shows every picture that is kept', () => {
		const shown = PAGES.flatMap((page) => linksOf(read(page)).map((link) => path.basename(link)));
		const pictures = fs.readdirSync(path.join(ROOT, 'docs', 'images'));
		expect(pictures.filter((name) => !shown.includes(name))).toEqual([]);
	});

	test.each(documented.PRICES)('gives the price of %s in %s, sound %s', (...row) => {
		const [mode, resolution, sound, price] = row;
		const column = documented.RESOLUTIONS.indexOf(resolution);
		const setting = sound === undefined ? 'no switch' : sound ? 'on' : 'off';
		const costs = rowsOf('docs/costs.md', titleOf(mode)).filter(([, cell]) => cell === setting);
		expect(costs.map((cells) => usd(cells[2 + column]))).toEqual([usd(price)]);

		for (const page of LANGUAGES) {
			const [modes] = rowsOf(page, titleOf(mode));
			const prices = [...modes[3 + column].matchAll(/\$([\d.]+)/g)].map(([, one]) => usd(one));
			expect(prices[sound === false ? 1 : 0]).toBe(usd(price));
		}
	});

	test.each(Object.entries(documented.MODES))(
		'gives the durations and the default resolution of %s',
		(mode, { seconds, defaultResolution }) => {
			const range = seconds.join('–');
			const [reference] = rowsOf('docs/reference.md', titleOf(mode));
			expect(reference.slice(1, 4)).toEqual([`\`${mode}\``, range, defaultResolution]);
			for (const page of LANGUAGES) expect(rowsOf(page, titleOf(mode))[0][2]).toBe(range);
		},
	);

	test('names every field and option of both nodes', () => {
		const page = read('docs/reference.md');
		expect([...FIELDS].filter((name) => !page.includes(name))).toEqual([]);
	});

	test('says the same to users in Chinese as in English', () => {
		const [english, chinese] = LANGUAGES.map(factsOf);
		expect(english.fields).toContain('Image URL');
		expect(chinese).toEqual(english);
	});

	test('explains every message of the sources', () => {
		const page = read('docs/troubleshooting.md');
		const messages = SOURCES.flatMap((file) => messagesIn(parse(file)));
		expect(messages.length).toBeGreaterThan(60);
		expect(messages.filter((message) => !page.includes(message))).toEqual([]);
	});

	test('explains every answer of APIXO', () => {
		const codes = [302, 400, 401, 402, 403, 404, 418, 429, 500, 502, 503, 504, 599];
		const answers: ServiceResponse[] = [
			...codes.map((code) => ({ kind: 'envelope' as const, code })),
			...[200, 302, 404, 407, 418, 429, 500, 504, 521].map((code) => ({
				kind: 'foreign' as const,
				code,
			})),
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
