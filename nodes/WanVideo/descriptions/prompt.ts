import type { INodeProperties } from 'n8n-workflow';
import { MAX_PROMPT_CHARACTERS, type Mode } from '../model/modes';
import type { PromptSource } from '../model/storyboard';
import { hiddenWhere, isNot, optional, variedByMode } from './visibility';

const prompt: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	required: true,
	default: '',
	placeholder: 'e.g. A cinematic fox walking through neon rain',
	description: `What happens in the video, in English or Chinese, up to ${MAX_PROMPT_CHARACTERS} characters (APIXO cuts what is longer)`,
};

const style: INodeProperties = {
	displayName: 'Style',
	name: 'shotsStyle',
	type: 'string',
	default: '',
	placeholder: 'e.g. Cinematic, rainy night, a young fox with a red scarf',
	description: `What all shots have in common: look, light, place, who is who. With the shots up to ${MAX_PROMPT_CHARACTERS} characters.`,
};

const shots: INodeProperties = {
	displayName: 'Shots',
	name: 'shots',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true, minRequiredFields: 1 },
	required: true,
	default: {},
	placeholder: 'Add Shot',
	description:
		'What happens, shot by shot. The video is as long as all shots together, and is priced by that. Improve Prompt is switched on, and Shot Type set to Multiple Shots.',
	options: [
		{
			displayName: 'Shot',
			name: 'shot',
			values: [
				{
					displayName: 'Text',
					name: 'text',
					type: 'string',
					typeOptions: { rows: 2 },
					default: '',
					placeholder: 'e.g. Close-up of the fox, who looks up at a neon sign',
					description: 'What the shot shows, in English or Chinese',
				},
				{
					displayName: 'Seconds',
					name: 'seconds',
					type: 'number',
					typeOptions: { minValue: 1, numberPrecision: 0 },
					default: 3,
					description: 'Length of the shot in whole seconds',
				},
			],
		},
	],
};

const shotsJson: INodeProperties = {
	displayName: 'Shots (JSON)',
	name: 'shotsJson',
	type: 'json',
	required: true,
	default: '[]',
	description:
		'An array of objects with text and seconds, also as a language model writes it: within an object, in a code fence, amid other words. The video is as long as all shots together, and is priced by that. Improve Prompt is switched on, and Shot Type set to Multiple Shots.',
	hint: 'e.g. [{"text": "A fox looks up", "seconds": 3}, {"text": "Rain on a neon sign", "seconds": 2}]',
};

const promptFieldOf = ({ medium }: Mode) => medium.promptField ?? {};

/** What the video may be described by; the first is the default. */
const SOURCES: Record<PromptSource, { name: string; description: string }> = {
	text: { name: 'Text', description: 'One prompt for the whole video' },
	shots: {
		name: 'Shots',
		description: 'A storyboard: what each shot shows, and for how many seconds',
	},
	shotsJson: {
		name: 'Shots (JSON)',
		description: 'A storyboard from an expression, such as the answer of a language model',
	},
};

const promptFrom: INodeProperties = {
	displayName: 'Prompt From',
	name: 'promptFrom',
	type: 'options',
	options: Object.entries(SOURCES).map(([value, { name, description }]) => ({
		name,
		value,
		description,
	})),
	default: 'text',
	description: 'How the video is described: by one prompt, or as a storyboard, shot by shot',
};

const SOURCE_NAMES = Object.keys(SOURCES);

const hiddenFor = (conditions: Parameters<typeof hiddenWhere>[1], fields: INodeProperties[]) =>
	fields.map((field) => hiddenWhere(promptFrom.name, conditions, field));

/**
 * A field of one source, in its variants. Where Prompt From is an expression it is shown as well,
 * but cannot be required, since the items may differ.
 */
const onlyFrom = (source: PromptSource, field: INodeProperties, variants = [field]) => [
	...hiddenFor([isNot(source)], variants),
	...hiddenFor(SOURCE_NAMES, [optional(field)]),
];

/** Fields that a storyboard needs. */
const forStoryboards = (fields: INodeProperties[]) => hiddenFor(['text'], fields);

/** Fields whose values come with a storyboard. */
export const exceptForStoryboards = (fields: INodeProperties[]): INodeProperties[] =>
	hiddenFor(
		SOURCE_NAMES.filter((name) => name !== 'text'),
		fields,
	);

export const promptFields: INodeProperties[] = [
	promptFrom,
	...onlyFrom('text', prompt, variedByMode(prompt, promptFieldOf)),
	// How characters are called holds for shots as well.
	...forStoryboards(variedByMode(style, (mode) => ({ hint: promptFieldOf(mode).hint }))),
	...onlyFrom('shots', shots),
	...onlyFrom('shotsJson', shotsJson),
];
