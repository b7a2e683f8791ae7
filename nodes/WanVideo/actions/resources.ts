import type { INodeProperties } from 'n8n-workflow';
import { shownFor } from '../panels/visibility';
import { getBalance } from './account/getBalance.operation';
import type { Operation } from './operation';
import { estimateCost } from './video/estimateCost.operation';
import { generate } from './video/generate.operation';
import { get } from './video/get.operation';
import { submit } from './video/submit.operation';
import { wait } from './video/wait.operation';

/** What the node can do: resource → operation. */
const RESOURCES: Record<string, Record<string, Operation>> = {
	account: { getBalance },
	video: { estimateCost, generate, get, submit, wait },
};

const own = <T>(table: Record<string, T>, key: unknown): T | undefined =>
	typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;

/** @returns undefined for an operation that the description does not list */
export function operationFor(resource: unknown, operation: unknown): Operation | undefined {
	const operations = own(RESOURCES, resource);
	return operations && own(operations, operation);
}

/** The fields of all operations, each shown for its own. */
export const operationFields: INodeProperties[] = Object.entries(RESOURCES).flatMap(
	([resource, operations]) =>
		Object.entries(operations).flatMap(([operation, { description }]) =>
			shownFor({ resource: [resource], operation: [operation] }, description),
		),
);
