import type { INodeProperties } from 'n8n-workflow';
import { audioFields } from '../media/audio';
import { MAX_NEGATIVE_PROMPT_CHARACTERS, MAX_SEED, modesWhere } from '../model/modes';
import { hiddenWhere, isNot } from './visibility';

const modesWithSoundSwitch = modesWhere(({ hasSoundSwitch }) => hasSoundSwitch);

/** Only where the video has sound: in one variant for all modes that always have, and each other. */
const withSound = (field: INodeProperties): INodeProperties[] => [
	hiddenWhere('/mode', modesWithSoundSwitch, field),
	...modesWithSoundSwitch.map((name) =>
		hiddenWhere('/mode', [isNot(name)], hiddenWhere('/sound', [false], field)),
	),
];

/** What is only sent if the user adds it. */
export const additionalFields: INodeProperties = {
	displayName: 'Additional Fields',
	name: 'additionalFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	options: [
		...audioFields.flatMap(withSound),
		{
			displayName: 'Extra Input (JSON)',
			name: 'extraInput',
			type: 'json',
			default: '{}',
			placeholder: 'e.g. {"name": "value"}',
			description:
				'Parameters that this node has no field for, as APIXO documents them for your route. They go into input as they are. They may also change the price.',
			hint: 'Not checked by this node: APIXO may refuse or ignore them',
		},
		{
			displayName: 'Improve Prompt',
			name: 'promptExtend',
			type: 'boolean',
			default: true,
			description:
				'Whether APIXO may rewrite the prompt first: helps short prompts, but may take longer',
		},
		{
			displayName: 'Negative Prompt',
			name: 'negativePrompt',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. blurry, low quality',
			description: `What should not be in the video, up to ${MAX_NEGATIVE_PROMPT_CHARACTERS} characters`,
		},
		{
			displayName: 'Seed',
			name: 'seed',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MAX_SEED, numberPrecision: 0 },
			default: 0,
			description:
				'A number that makes results more alike when the rest is the same; there is no guarantee of identical videos',
		},
		{
			displayName: 'Shot Type',
			name: 'shotType',
			type: 'options',
			options: [
				{ name: 'Multiple Shots', value: 'multi' },
				{ name: 'Single Shot', value: 'single' },
			],
			default: 'single',
			description: 'Whether the camera cuts. Takes priority over shot instructions in the prompt.',
		},
		{
			displayName: 'Watermark',
			name: 'watermark',
			type: 'boolean',
			default: false,
			description: 'Whether to put the text "AI 生成" into the bottom right corner',
		},
	],
};
