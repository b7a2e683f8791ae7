import type { INodeProperties } from 'n8n-workflow';
import { lookUp } from '../../shared/values';
import { shownFor } from '../descriptions/visibility';
import { waitFor } from '../descriptions/waitFor';
import { getBalance } from './account/getBalance.operation';
import type { Operation } from './operation';
import { subtitleFor } from './subtitle';
import { estimateCost } from './video/estimateCost.operation';
import { generate } from './video/generate.operation';
import { get } from './video/get.operation';
import { submit } from './video/submit.operation';
import { wait } from './video/wait.operation';

interface Resource {
	title: string;
	/** In alphabetical order. */
	operations: Operation[];
	defaultOperation: string;
}

/** What the node can do. */
const RESOURCES: Record<string, Resource> = {
	video: {
		title: 'Video',
		operations: [estimateCost, generate, get, submit, wait],
		defaultOperation: 'generate',
	},
	account: { title: 'Account', operations: [getBalance], defaultOperation: 'getBalance' },
};

const resourceField: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: Object.entries(RESOURCES).map(([value, { title }]) => ({ name: title, value })),
	default: 'video',
};

const operationFields: INodeProperties[] = Object.entries(RESOURCES).map(
	([resource, { operations, defaultOperation }]) => ({
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ option }) => option),
		default: defaultOperation,
	}),
);

/** The whole panel: Resource, Operation, and the fields of each operation. */
export const nodeProperties: INodeProperties[] = [
	resourceField,
	...operationFields,
	...Object.entries(RESOURCES).flatMap(([resource, { operations }]) =>
		operations.flatMap(({ option, fields }) =>
			shownFor({ resource: [resource], operation: [option.value] }, fields),
		),
	),
];

/** Operations that wait for the video. */
export const waitingOperations = Object.values(RESOURCES)
	.flatMap(({ operations }) => operations)
	.filter(({ fields }) => fields.some(({ name }) => name === waitFor.name))
	.map(({ option }) => option.value);

/** What the canvas shows below the node's name. */
export const nodeSubtitle = subtitleFor(
	Object.entries(RESOURCES).flatMap(([resource, { operations, defaultOperation }]) =>
		operations.map(({ option, fields }) => ({
			resource,
			operation: option.value,
			title: option.name,
			isRequest: fields.some(({ name }) => name === 'mode'),
			isDefault: option.value === defaultOperation,
		})),
	),
);

/** @returns undefined for an operation that the panel does not list */
export const findOperation = (resource: unknown, operation: unknown): Operation | undefined =>
	lookUp(RESOURCES, resource)?.operations.find(({ option }) => option.value === operation);
