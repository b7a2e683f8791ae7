import type { INodeParameters } from 'n8n-workflow';

export const VOLATILE = ['nothing', 'seed', 'time'] as const;

/** What of a request is another one each time its expressions are evaluated. */
export type Volatile = (typeof VOLATILE)[number];

export const ADDITIONAL_FIELDS: Record<Volatile, INodeParameters> = {
	nothing: {},
	seed: { seed: '={{ Math.floor(Math.random() * 1e9) }}' },
	time: { negativePrompt: '=blur {{ $now.toMillis() }}' },
};
