/** What the nodes of this package put out, as tests read it. */

import { required } from './required.mts';
import type { INodeExecutionData } from 'n8n-workflow';

const TEXTS = [
	'taskId',
	'state',
	'videoUrl',
	'failCode',
	'failMsg',
	'hint',
	'createdAt',
	'completedAt',
	'error',
] as const;
const NUMBERS = ['costTimeMs', 'estimatedCostUsd', 'balanceUsd', 'httpCode'] as const;

type KnownFields = Partial<
	Record<(typeof TEXTS)[number], string> & Record<(typeof NUMBERS)[number], number>
>;

/** What a failed item tells a program. */
export interface Details extends KnownFields {
	[field: string]: unknown;
}

/** The json of an item. All other fields are whatever the node or the test put there. */
export interface Item extends KnownFields {
	videoUrls?: string[];
	/** of a failed item */
	details?: Details;
	[field: string]: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

const hasKnownFields = (value: unknown): value is Details =>
	isObject(value) &&
	TEXTS.every((field) => ['string', 'undefined'].includes(typeof value[field])) &&
	NUMBERS.every((field) => ['number', 'undefined'].includes(typeof value[field]));

const isTexts = (value: unknown) =>
	Array.isArray(value) && value.every((text) => typeof text === 'string');

const isItem = (value: unknown): value is Item =>
	hasKnownFields(value) &&
	(value.videoUrls === undefined || isTexts(value.videoUrls)) &&
	(value.details === undefined || hasKnownFields(value.details));

/** @throws when a known field is of another type than it should be */
export function readItem(json: unknown): Item {
	if (!isItem(json)) throw new Error(`Not the json of an item: ${JSON.stringify(json)}`);
	return json;
}

/** @returns number of the input item that an item came from */
export function inputItemOf({ pairedItem }: INodeExecutionData): number {
	const [pair] = [pairedItem].flat();
	return typeof pair === 'number' ? pair : required(pair, 'pairedItem').item;
}
