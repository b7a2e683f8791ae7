import fs from 'node:fs';
import path from 'node:path';
import type { IConnections, INode, INodeParameters, INodeTypeDescription } from 'n8n-workflow';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node.ts';
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node.ts';
import { Panel } from '../support/panel.mts';
import { required } from '../../support/required.mts';

/** What an example's file holds, as n8n exports it. */
interface Example {
	nodes: INode[];
	connections: IConnections;
}

const FOLDER = path.join(import.meta.dirname, '../../../examples');
const FILES = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const EXAMPLES = FILES.map((file): [string, Example & { text: string }] => {
	const text = fs.readFileSync(path.join(FOLDER, file), 'utf8');
	const { nodes, connections }: Example = JSON.parse(text);
	return [file, { text, nodes, connections }];
});

/** What n8n adds to a node when it makes a tool of it. */
const TOOL_PROPERTIES = ['descriptionType', 'toolDescription'];
const CORE = /^(n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./;

const wanVideo = new WanVideo().description;
const OURS: Record<string, INodeTypeDescription> = {
	'n8n-nodes-apixo.wanVideo': wanVideo,
	'n8n-nodes-apixo.wanVideoTool': wanVideo,
	'n8n-nodes-apixo.wanVideoTrigger': new WanVideoTrigger().description,
};

const ourNodes = EXAMPLES.flatMap(([file, { nodes }]) =>
	nodes
		.filter(({ type }) => type in OURS)
		.map((node): [string, INode] => [`${file}: ${node.name}`, node]),
);

const panelOf = (node: INode) => new Panel(OURS[node.type], node);

/** A node's parameters without those that n8n itself adds. */
const ownParameters = ({ parameters }: INode): INodeParameters =>
	Object.fromEntries(
		Object.entries(parameters).filter(([name]) => !TOOL_PROPERTIES.includes(name)),
	);

/** Paths of all values in nested parameters, such as `options.maxCost`. */
function pathsIn(value: unknown, prefix = ''): string[] {
	if (typeof value !== 'object' || value === null) return [prefix];
	const entries = Object.entries(value);
	if (entries.length === 0) return [];
	return entries.flatMap(([key, inner]) => pathsIn(inner, prefix ? `${prefix}.${key}` : key));
}

/** What n8n keeps of a node's parameters when it opens or runs it: those that exist and are shown. */
const keptParameters = (node: INode) => panelOf(node).parameters(ownParameters(node));

/** The entries of collections that the node uses, but does not offer. */
function optionFaults(node: INode): string[] {
	return ['options', 'additionalFields'].flatMap((collection) => {
		const used = Object.keys(node.parameters[collection] ?? {});
		if (used.length === 0) return [];
		const offered = panelOf(node).offered(ownParameters(node), collection);
		return used.filter((name) => !offered.includes(name)).map((name) => `${collection}.${name}`);
	});
}

const NOTE = 'n8n-nodes-base.stickyNote';

/** Pixels, with the name below it. */
const NODE = { width: 96, height: 144 };

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Where a node or note stands on the canvas. */
function boxOf({ name, type, position: [left, top], parameters }: INode): Box {
	const { width, height } = type === NOTE ? parameters : NODE;
	return { name, left, top, right: left + Number(width), bottom: top + Number(height) };
}

const touch = (a: Box, b: Box) =>
	a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const holds = (a: Box, b: Box) =>
	a.left < b.left && b.right < a.right && a.top < b.top && b.bottom < a.bottom;

/** Pairs that lie over each other, unless a note frames the other wholly. */
function overlaps(nodes: INode[]): string[] {
	const boxes = nodes.map(boxOf);
	const frames = boxes.filter((_, index) => nodes[index].type === NOTE);
	return boxes.flatMap((one, index) =>
		boxes
			.slice(index + 1)
			.filter((other) => touch(one, other))
			.filter((other) => !frames.some((frame) => frame === one && holds(frame, other)))
			.filter((other) => !frames.some((frame) => frame === other && holds(frame, one)))
			.map((other) => `${one.name} and ${other.name}`),
	);
}

/** Required fields that are empty in an example, because only its user can know them. */
const LEFT_TO_THE_USER: Record<string, string[]> = {
	'4-submit-now-review-later.json: Submit': ['callbackUrl'],
};

describe('each example', () => {
	test.each(EXAMPLES)('%s says in a sticky note what it does', (_file, { nodes }) => {
		const notes = nodes.filter(({ type }) => type === NOTE);
		expect(notes.map(({ parameters }) => String(parameters.content).split('\n')[0])).toContainEqual(
			expect.stringMatching(/^## /),
		);
	});

	test.each(EXAMPLES)('%s carries no credential', (_file, { text }) => {
		expect(text).not.toMatch(/"credentials"|apiKey|Bearer/);
	});

	test.each(EXAMPLES)('%s uses nodes of n8n and of this package only', (_file, { nodes }) => {
		const foreign = nodes.filter(({ type }) => !(type in OURS) && !CORE.test(type));
		expect(foreign).toEqual([]);
		expect(nodes.some(({ type }) => type in OURS)).toBe(true);
	});

	test.each(EXAMPLES)('%s names only nodes that it has', (_file, { nodes, connections, text }) => {
		const targets = Object.values(connections).flatMap((outputs) =>
			Object.values(outputs)
				.flat(2)
				.map((connection) => required(connection, 'connection').node),
		);
		const quoted = [...text.matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
		const names = nodes.map(({ name }) => name);
		expect(names).toEqual([...new Set(names)]);
		expect(names).toEqual(
			expect.arrayContaining([...Object.keys(connections), ...targets, ...quoted]),
		);
	});

	test.each(EXAMPLES)('%s has nothing lying over something else', (_file, { nodes }) => {
		expect(overlaps(nodes)).toEqual([]);
	});

	test.each(EXAMPLES)('%s needs no JavaScript to be changed', (_file, { nodes }) => {
		expect(nodes.map(({ type }) => type)).not.toContain('n8n-nodes-base.code');
	});

	test.each(EXAMPLES)('%s is named in the list of examples', (file) => {
		expect(fs.readFileSync(path.join(FOLDER, 'README.md'), 'utf8')).toContain(file);
	});
});

describe('each node of this package in an example', () => {
	test.each(ourNodes)('%s uses only parameters that exist and are shown', (_name, node) => {
		expect(pathsIn(keptParameters(node))).toEqual(
			expect.arrayContaining(pathsIn(ownParameters(node))),
		);
		expect(optionFaults(node)).toEqual([]);
	});

	test.each(ourNodes)('%s has nothing missing', (name, node) => {
		const missing = panelOf(node).missing(ownParameters(node));
		expect(missing).toEqual(LEFT_TO_THE_USER[name] ?? []);
	});

	test.each(ourNodes)('%s is what users get who add the node now', (_name, node) => {
		expect(node.typeVersion).toBe(OURS[node.type].defaultVersion);
	});
});
