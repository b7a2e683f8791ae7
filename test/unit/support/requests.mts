import { Findings } from '../../../nodes/WanVideo/model/findings.ts';
import { type ModeName, isModeName } from '../../../nodes/WanVideo/model/modes.ts';
import type { PricedRequest } from '../../../nodes/WanVideo/model/price.ts';
import { checkPricedRequest } from '../../../nodes/WanVideo/model/pricedRequest.ts';

/** The part of a request that its price depends on, or what is wrong with it. */
export function checkPrice(parameters: Record<string, unknown>): {
	request?: PricedRequest;
	faults: string[];
} {
	const findings = new Findings();
	const request = checkPricedRequest(parameters, findings);
	return { request, faults: findings.faults };
}

/** A name of the documentation as the node knows it. @throws if it does not know it */
export function modeNamed(name: string): ModeName {
	if (isModeName(name)) return name;
	throw new Error(`The node has no mode ${name}`);
}
